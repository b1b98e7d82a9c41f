"""What there is to know of the models on this machine, without loading them."""

import json
from typing import Any

from anysound.models.load import BUNDLED
from anysound.models.store import Installed
from anysound.models.store.disk import folder_size


def bundled_facts() -> dict[str, Any]:
    """Return the facts of the bundled model, ready for JSON."""
    from anysound.models.bundled.model import WEIGHTS

    about = json.loads((WEIGHTS / "model.json").read_text(encoding="utf-8"))
    shown = {name: about[name] for name in ("revision", "license", "precision")}
    place = {"size": folder_size(WEIGHTS), "folder": str(WEIGHTS)}
    return {"id": BUNDLED, "kind": "audio-text", **shown, **place}


def installed_facts(model: Installed) -> dict[str, Any]:
    """Return the facts of an installed model, ready for JSON."""
    manifest = model.manifest
    int8 = manifest.facts.get("int8", {})
    return {
        "id": manifest.id,
        "kind": manifest.kind,
        "revision": manifest.revision,
        "license": manifest.license,
        "source": manifest.source,
        "installed": manifest.installed,
        "precision": "int8" if int8.get("passed") else "fp32",
        "parameters": manifest.facts.get("parameters"),
        "int8": int8,
        "size": model.size,
        "folder": str(model.folder),
    }
