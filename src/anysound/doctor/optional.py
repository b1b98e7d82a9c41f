"""The optional parts of anysound, and what each gives."""

from anysound.language import Text

EXTRAS: dict[str, Text] = {
    "web": Text("the page and the HTTP API (anysound serve)", "网页和 HTTP 接口（anysound serve）"),
    "client": Text("a client for another machine's server", "访问其他机器上服务的客户端"),
    "tables": Text("batch tables for Excel and in Parquet", "批量结果写成 Excel 或 Parquet 表格"),
    "index": Text("stored embeddings of an archive (anysound index)", "录音索引（anysound index）"),
    "map": Text("a map of an index (anysound index map)", "索引地图（anysound index map）"),
    "ray": Text("a cluster does the work (--engine ray)", "用集群处理（--engine ray）"),
    "remote": Text("recordings in object storage and on web servers", "读取对象存储和网络上的录音"),
    "plot": Text("pictures of timelines", "绘制时间线图片"),
    "eval": Text("pictures of anysound eval", "绘制 anysound eval 的图表"),
    "live": Text("microphones (anysound listen)", "麦克风（anysound listen）"),
    "translate": Text("Chinese labels by a translation model", "用翻译模型翻译中文标签"),
    "gpu": Text(
        "CLAP models on NVIDIA GPUs (see docs/models.md)",
        "在 NVIDIA GPU 上运行 CLAP 模型（见 docs/models.zh-CN.md）",
    ),
    "torch": Text("CLAP models on torch, for Apple's GPUs", "用 torch 运行 CLAP 模型（苹果 GPU）"),
}
"""By their names in ``pip install "anysound[NAME]"``."""
