"""What was found, cut out of its recordings."""

from collections.abc import Sequence
from pathlib import Path, PurePath

from anysound.errors import RecordingError
from anysound.index.search import Moment
from anysound.language import Text
from anysound.timeline import Event
from anysound.timeline.clips import ClipFolder


def cut_moments(
    moments: Sequence[Moment], label: str, folder: Path, margin: float = 0.5
) -> list[Text]:
    """Cut moments out into files of one folder, each with its place in the order in its name.

    Args:
        moments: Best first.
        label: What was searched for, for the names.
        folder: Where the clips are to be; it is made if its parent is there.
        margin: Seconds before and after each moment that are cut with it.

    Returns:
        Why a moment has no clip, for each that has none: its recording has moved, perhaps.

    Raises:
        UsageError: Clips can't have such a margin.
        OutputError: A clip can't be written.
    """
    clips = ClipFolder(folder, margin)
    failures = []
    for place, moment in enumerate(moments, start=1):
        path = moment.recordings[0]
        name = f"{place:03d} {PurePath(path).name}"
        event = Event(name, label, moment.start, moment.end, moment.similarity)
        try:
            clips.write(path, [event])
        except RecordingError as error:
            failures.append(error.text)
    return failures
