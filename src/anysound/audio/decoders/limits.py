"""How much a decoder may use."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How much a decoder may use for one recording.

    Attributes:
        duration: Seconds of the longest recording.
        patience: Seconds that a second of sound may take to come; also what opening may take.
        cpu: Seconds of a processor's time.
        memory: Bytes beyond what the decoder takes when it is idle; where the system can say
            (Linux). The file itself counts.
    """

    duration: float = 7200.0
    patience: float = 20.0
    cpu: int = 300
    memory: int = 512 << 20
