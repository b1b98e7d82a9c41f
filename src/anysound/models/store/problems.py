"""What may go wrong between here and a hub, in words."""

from anysound.errors import ModelError
from anysound.language import Text
from anysound.models.store.manifest import KindName

_MIRROR = Text(
    en="Check the network; HF_ENDPOINT may name a mirror of the hub.",
    zh="请检查网络；也可将环境变量 HF_ENDPOINT 设为可访问的镜像站点。",
)
_AGAIN = Text(
    en="Pull again: what was downloaded is kept.",
    zh="请重新拉取：已下载的部分会保留。",
)


def unreachable(endpoint: str, reason: str) -> ModelError:
    """Return the error of a hub that can't be reached."""
    return ModelError(
        Text(
            en=f"The hub at {endpoint} can't be reached ({reason}). {_MIRROR.en} {_AGAIN.en}",
            zh=f"无法连接 {endpoint}（{reason}）。{_MIRROR.zh}{_AGAIN.zh}",
        )
    )


def silent(endpoint: str, seconds: float) -> ModelError:
    """Return the error of a hub that doesn't answer in time."""
    return ModelError(
        Text(
            en=f"The hub at {endpoint} gave no answer for {seconds:g} s. {_MIRROR.en} {_AGAIN.en}",
            zh=f"{endpoint} 在 {seconds:g} 秒内没有响应。{_MIRROR.zh}{_AGAIN.zh}",
        )
    )


def broken_off(endpoint: str, what: str) -> ModelError:
    """Return the error of a connection that keeps breaking in the middle."""
    return ModelError(
        Text(
            en=f"{what}: the connection to {endpoint} broke off. {_MIRROR.en} {_AGAIN.en}",
            zh=f"{what}：与 {endpoint} 的连接中断。{_MIRROR.zh}{_AGAIN.zh}",
        )
    )


def offline(name: str) -> ModelError:
    """Return the error of a model that is wanted while HF_HUB_OFFLINE is set."""
    return ModelError(
        Text(
            en=f"Model {name!r} would have to be downloaded, which HF_HUB_OFFLINE forbids. "
            "Unset HF_HUB_OFFLINE, or give the folder of a checkpoint that you copied here.",
            zh=f"模型 {name!r} 需要下载，而环境变量 HF_HUB_OFFLINE 禁止联网。"
            "请取消 HF_HUB_OFFLINE，或直接指定已复制到本机的模型文件夹。",
        )
    )


def bad_endpoint(endpoint: str) -> ModelError:
    """Return the error of an ``HF_ENDPOINT`` that is no address."""
    return ModelError(
        Text(
            en=f"HF_ENDPOINT is {endpoint!r}, which is no address of a hub: it must begin with "
            "https:// (or http://) and a host.",
            zh=f"环境变量 HF_ENDPOINT 的值 {endpoint!r} 不是有效地址：应以 https://（或 http://）"
            "加主机名开头。",
        )
    )


def bad_settings(reason: str) -> ModelError:
    """Return the error of network settings that can't be used."""
    return ModelError(
        Text(
            en="The network settings in the environment (HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE) "
            f"can't be used: {reason} An http:// address of a proxy works.",
            zh=f"环境变量中的网络设置（HTTPS_PROXY、ALL_PROXY、SSL_CERT_FILE）无法使用：{reason}"
            "可改用 http:// 开头的代理地址。",
        )
    )


def bad_name(name: str) -> ModelError:
    """Return the error of a name that is neither a folder nor an id."""
    return ModelError(
        Text(
            en=f"{name!r} is neither a folder nor the id of a model. An id reads owner/model, such "
            "as laion/clap-htsat-fused; owner/model@revision asks for one revision.",
            zh=f"{name!r} 既不是文件夹，也不是模型名称。模型名称形如 作者/模型，"
            "例如 laion/clap-htsat-fused；用 作者/模型@版本 可指定版本。",
        )
    )


def other_kind(name: str, kind: KindName) -> ModelError:
    """Return the error of a model that is of this kind, where another is needed."""
    if kind == "translator":
        return ModelError(
            Text(
                en=f"{name} translates labels and recognises no sounds: give it to --translator, "
                "and to --model a model such as laion/clap-htsat-fused.",
                zh=f"{name} 是翻译模型，不能识别声音：请用 --translator 指定它，"
                "--model 请指定 laion/clap-htsat-fused 等模型。",
            )
        )
    return ModelError(
        Text(
            en=f"{name} recognises sounds and translates nothing: give it to --model, and to "
            "--translator lexicon, or a model such as Helsinki-NLP/opus-mt-zh-en.",
            zh=f"{name} 是声音识别模型，不能翻译：请用 --model 指定它，"
            "--translator 请指定 lexicon 或 Helsinki-NLP/opus-mt-zh-en 等翻译模型。",
        )
    )


def no_such_model(id: str, endpoint: str) -> ModelError:
    """Return the error of an id that the hub doesn't know, or doesn't show to everyone."""
    return ModelError(
        Text(
            en=f"{endpoint} has no model {id!r}, or it is private. Check the spelling; for a "
            "private model set HF_TOKEN to your access token.",
            zh=f"{endpoint} 上没有模型 {id!r}，或该模型为私有。请检查拼写；"
            "如为私有模型，请将环境变量 HF_TOKEN 设为您的访问令牌。",
        )
    )


def no_such_revision(id: str, revision: str, endpoint: str) -> ModelError:
    """Return the error of a revision that a model doesn't have."""
    return ModelError(
        Text(
            en=f"Model {id!r} at {endpoint} has no revision {revision!r}. A revision is a branch, "
            "a tag or a full commit hash; without one, main is taken.",
            zh=f"{endpoint} 上的模型 {id!r} 没有版本 {revision!r}。版本可以是分支、标签或完整的"
            "提交哈希；不指定时使用 main。",
        )
    )


def forbidden(id: str, endpoint: str) -> ModelError:
    """Return the error of a model that the user may not have, or not yet."""
    return ModelError(
        Text(
            en=f"{endpoint} doesn't give out model {id!r} to you. Accept its terms on its page, "
            "then set HF_TOKEN to an access token that may read it.",
            zh=f"{endpoint} 拒绝提供模型 {id!r}。请先在该模型的页面上同意使用条款，"
            "再将环境变量 HF_TOKEN 设为有读取权限的访问令牌。",
        )
    )


def refused_token(endpoint: str) -> ModelError:
    """Return the error of an access token that isn't valid."""
    return ModelError(
        Text(
            en=f"{endpoint} refuses your access token. Set HF_TOKEN to a valid one; public models "
            "need none.",
            zh=f"{endpoint} 拒绝了您的访问令牌。请将环境变量 HF_TOKEN 设为有效的令牌；"
            "公开模型无需令牌。",
        )
    )


def missing_file(id: str, name: str, endpoint: str) -> ModelError:
    """Return the error of a file that is listed, but not there."""
    return ModelError(
        Text(
            en=f"{endpoint} lists {name} of model {id!r}, but doesn't have it. "
            "Pull again later, or through another HF_ENDPOINT.",
            zh=f"{endpoint} 列出了模型 {id!r} 的 {name}，但没有该文件。"
            "请稍后重新拉取，或换一个 HF_ENDPOINT。",
        )
    )


def refused(endpoint: str, status: int) -> ModelError:
    """Return the error of a hub that has troubles of its own."""
    return ModelError(
        Text(
            en=f"{endpoint} answered with status {status}. That is trouble on its side: wait a "
            f"while. {_AGAIN.en}",
            zh=f"{endpoint} 返回状态码 {status}，服务端可能出现故障：请稍等片刻。{_AGAIN.zh}",
        )
    )


def no_answer_of_a_hub(endpoint: str) -> ModelError:
    """Return the error of an answer that no hub gives."""
    return ModelError(
        Text(
            en=f"What {endpoint} answers is not what a hub answers. A login page of the network "
            "may be in between, or HF_ENDPOINT is wrong.",
            zh=f"{endpoint} 返回的内容不是模型仓库的应答。可能被网络登录页面拦截，"
            "或 HF_ENDPOINT 设置有误。",
        )
    )


def altered(name: str, endpoint: str) -> ModelError:
    """Return the error of a file with another checksum than the hub tells."""
    return ModelError(
        Text(
            en=f"{name} from {endpoint} was altered on its way: its checksum is not the one that "
            "the hub tells. It was deleted; pull again, or through another HF_ENDPOINT.",
            zh=f"来自 {endpoint} 的 {name} 在传输中被改动：校验和不符。文件已删除；"
            "请重新拉取，或换一个 HF_ENDPOINT。",
        )
    )
