"""What holds for all tests."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings

from tests.storage import Bucket, Storage, environment

# How long an example takes says more of the machine, and of what else runs on it, than of the code.
settings.register_profile("anysound", deadline=None)
settings.load_profile("anysound")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name long values by their argument; some, such as encoded sound, differ from run to run."""
    is_long = isinstance(val, str | bytes) and len(val) > 80
    return argname if is_long else None


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's own models and settings out of the tests."""
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path_factory.getbasetemp() / "home"))
    for name in ("ANYSOUND_MODEL", "HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "HF_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def storage() -> Iterator[Storage]:
    """Object storage."""
    storage = Storage()
    yield storage
    storage.stop()


@pytest.fixture
def bucket(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """An empty bucket that is found by the environment."""
    from s3fs import S3FileSystem

    for name, value in environment(storage).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    S3FileSystem.clear_instance_cache()  # the environment is read once
    storage.asked = []  # by the tests before
    yield Bucket(storage, f"tests-{uuid4().hex}")
    storage.meddle = None
    S3FileSystem.clear_instance_cache()


@pytest.fixture
def nodes() -> Iterator[list[Any]]:
    """Start a Ray cluster of two nodes, each with one core; the first is given as the cluster."""
    import ray
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "object_store_memory": 80 << 20, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=node)
    try:
        other = cluster.add_node(num_cpus=1, object_store_memory=80 << 20)
        yield [cluster, other]
    finally:
        ray.shutdown()
        cluster.shutdown()
