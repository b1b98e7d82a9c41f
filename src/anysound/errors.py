"""Everything that can go wrong, as one small hierarchy.

Each message says what is wrong with which input, and what to do about it, in both languages.
"""

from typing import Any

from anysound.language import Text


def reason_of(error: Exception) -> str:
    """Return why the system refused, without the number and the path that ``str`` adds."""
    return getattr(error, "strerror", None) or str(error)


class AnysoundError(Exception):
    """Base of all errors that anysound raises on purpose.

    Attributes:
        text: The message in both languages; ``str(error)`` gives the current one.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return str(self.text)

    def __reduce__(self) -> tuple[Any, ...]:
        """Be the same error in the process that it is sent to, whatever it was made of."""
        return _as_it_was, (type(self), self.args, self.__dict__)


def _as_it_was(kind: type[AnysoundError], args: tuple[Any, ...], held: dict[str, Any]) -> Any:
    error = kind.__new__(kind, *args)
    error.__dict__.update(held)
    return error


class RecordingError(AnysoundError):
    """A recording cannot be read."""


class LabelError(AnysoundError):
    """Labels cannot be understood.

    Attributes:
        position: Index of the offending character in the line of labels; None if the trouble
            is not at one place of a line.
    """

    def __init__(self, text: Text, position: int | None = None) -> None:
        super().__init__(text)
        self.position = position


class ModelError(AnysoundError):
    """A model is unknown, absent or unfit."""


class OutputError(AnysoundError):
    """A result cannot be written where it was asked for."""


class ArchiveError(AnysoundError):
    """A stored index is not there, is damaged, or was made by another model or version."""


class BusyError(AnysoundError):
    """A server has more to do than it takes on.

    Attributes:
        retry_after: Seconds after which it may be tried again; None if that is not known.
    """

    def __init__(self, text: Text, retry_after: int | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class TookTooLongError(AnysoundError):
    """A question was not answered in the time that is allowed for it."""


class ServerError(AnysoundError):
    """A server can't be reached, or something went wrong in it."""


class UsageError(AnysoundError):
    """A call's arguments contradict each other or make no sense."""


class MissingExtraError(AnysoundError):
    """A feature needs an optional part of anysound that is not installed."""

    def __init__(self, feature: Text, extra: str) -> None:
        command = f'pip install "anysound[{extra}]"'
        super().__init__(
            Text(
                en=f"{feature.en} needs an optional part of anysound: {command}",
                zh=f"{feature.zh}需要安装可选组件: {command}",
            )
        )
