"""Instruments and sound effects, played by FluidSynth from sound fonts under the MIT licence."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np

from anysound.audio import Waveform, load
from training.packages import UNPACKED
from training.synthesis.registry import RATE, Sound

Fonts = tuple[Path, ...]

_SOUNDS = UNPACKED / "usr/share/sounds"

FLUID: Fonts = (_SOUNDS / "sf2/FluidR3_GM.sf2", _SOUNDS / "sf2/FluidR3_GS.sf2")

OTHERS: dict[str, Fonts] = {"piano": (_SOUNDS / "sf3/MuseScore_General_Lite.sf3",)}
"""Instruments that another sound font has recordings of its own of; it plays a half of them."""

_TICKS = 480
_BEATS_PER_SECOND = 2.0  # MIDI's default tempo
_SLOT = 6.0  # seconds from one clip to the next: five of music, one to ring out
_DRUMS = 9

# General MIDI programs (from 0), with the notes that suit the instrument.
PROGRAMS: dict[str, tuple[tuple[int, ...], int, int]] = {
    "piano": ((0, 1), 33, 96),
    "electric_piano": ((4, 5), 40, 84),
    "harpsichord": ((6,), 41, 84),
    "celesta": ((8,), 60, 96),
    "glockenspiel": ((9,), 72, 103),
    "music_box": ((10,), 60, 96),
    "vibraphone": ((11,), 53, 89),
    "marimba": ((12,), 48, 84),
    "xylophone": ((13,), 65, 100),
    "tubular_bells": ((14,), 60, 77),
    "dulcimer": ((15,), 55, 86),
    "pipe_organ": ((19, 20), 36, 88),
    "accordion": ((21, 23), 53, 84),
    "harmonica": ((22,), 60, 84),
    "acoustic_guitar": ((24, 25), 40, 79),
    "electric_guitar": ((26, 27, 28), 40, 82),
    "distorted_guitar": ((29, 30), 40, 76),
    "bass_guitar": ((32, 33, 34, 36), 28, 50),
    "violin": ((40,), 55, 96),
    "cello": ((42,), 36, 69),
    "double_bass": ((43,), 28, 52),
    "string_ensemble": ((48, 49), 40, 88),
    "pizzicato_strings": ((45,), 43, 84),
    "harp": ((46,), 36, 96),
    "timpani": ((47,), 36, 57),
    "choir": ((52,), 48, 79),
    "singing_voice": ((53, 54), 48, 79),
    "orchestra_hit": ((55,), 48, 72),
    "trumpet": ((56, 59), 55, 84),
    "trombone": ((57,), 40, 70),
    "tuba": ((58,), 28, 55),
    "french_horn": ((60,), 41, 74),
    "brass_section": ((61,), 43, 79),
    "saxophone": ((64, 65, 66, 67), 46, 79),
    "oboe": ((68,), 58, 88),
    "bassoon": ((70,), 34, 65),
    "clarinet": ((71,), 50, 86),
    "flute": ((73,), 60, 94),
    "piccolo": ((72,), 74, 104),
    "recorder_flute": ((74,), 62, 92),
    "pan_flute": ((75,), 60, 88),
    "ocarina": ((79,), 60, 88),
    "synth_lead": ((80, 81, 87), 48, 86),
    "synth_pad": ((88, 89, 94, 95), 43, 79),
    "sitar": ((104,), 45, 77),
    "banjo": ((105,), 48, 84),
    "shamisen": ((106,), 50, 79),
    "koto_guzheng": ((107,), 50, 86),
    "kalimba": ((108,), 55, 84),
    "bagpipe": ((109,), 54, 77),
    "erhu_fiddle": ((110,), 55, 84),
    "shanai_suona": ((111,), 55, 84),
    "hand_bell": ((112,), 72, 96),
    "steel_drums": ((114,), 52, 84),
    "woodblock": ((115,), 55, 84),
    "taiko_drum": ((116,), 36, 60),
    "tom_drum": ((117,), 40, 67),
}

# Recorded effects: the concept of each bank and program; banks from 1 are Roland's GS variations.
EFFECTS: dict[tuple[int, int], str] = {
    (0, 122): "sea_waves",
    (1, 122): "rain",
    (2, 122): "thunder",
    (3, 122): "wind",
    (4, 122): "stream_brook",
    (5, 122): "bubbles",
    (0, 123): "songbird_trill",
    (1, 123): "dog_bark",
    (2, 123): "horse_gallop",
    (3, 123): "sparrow_chirp",
    (0, 124): "phone_ring_classic",
    (1, 124): "phone_ring_electronic",
    (2, 124): "door_creak",
    (3, 124): "door_close_wood",
    (5, 124): "wind_chimes",
    (0, 125): "helicopter",
    (1, 125): "car_engine_idle",
    (2, 125): "car_skid",
    (3, 125): "car_passing",
    (5, 125): "police_siren",
    (6, 125): "train_passing",
    (7, 125): "airplane_jet",
    (0, 126): "applause",
    (1, 126): "laughter",
    (2, 126): "scream",
    (3, 126): "punch_hit",
    (4, 126): "heartbeat",
    (5, 126): "footsteps_hard",
    (0, 127): "gunshot",
    (1, 127): "machine_gun",
    (2, 127): "laser_gun",
    (3, 127): "explosion",
}

# Keys of the General MIDI percussion map.
PERCUSSION: dict[str, tuple[int, ...]] = {
    "snare_drum": (38, 40),
    "bass_drum": (35, 36),
    "hi_hat": (42, 44, 46),
    "crash_cymbal": (49, 57, 55),
    "tom_drum": (41, 43, 45, 47, 48, 50),
    "cowbell": (56,),
    "tambourine": (54,),
    "maracas_shaker": (70, 82),
    "bongo_conga": (60, 61, 62, 63, 64),
    "triangle": (80, 81),
    "castanets": (85,),
    "woodblock": (76, 77),
}


@dataclass(frozen=True)
class Note:
    """One note; times in seconds from the clip's start."""

    start: float
    length: float
    key: int
    velocity: int
    channel: int = 0


Phrase = tuple[list[Note], tuple[str, ...]]


def melody(rng: np.random.Generator, low: int, high: int) -> Phrase:
    """Return single notes, a walk over a scale, or chords, with the tags that fit."""
    centre = int(rng.integers(low, high + 1))
    span = (low + high) / 2
    tags = ["high"] if centre > span + 9 else ["low"] if centre < span - 9 else []
    kind = rng.choice(["single", "walk", "walk", "chords"])
    if kind == "single":
        length = 0.15 * (3.5 / 0.15) ** float(rng.random())
        short = ("short",) if length < _BRIEF else ()
        return [Note(0.1, length, centre, int(rng.integers(60, 120)))], (*tags, "single", *short)
    step = float(rng.choice([0.12, 0.18, 0.25, 0.4, 0.7, 1.1]))
    tags += ["fast"] if step < 0.2 else ["slow"] if step > 0.6 else []
    steps = np.array([0, 2, 4, 5, 7, 9, 11, 12] if rng.random() < 0.6 else [0, 3, 5, 7, 10, 12])
    notes, degree = [], int(rng.integers(len(steps)))
    for start in np.arange(0.05, 4.9 - step, step):
        degree = int(np.clip(degree + rng.integers(-2, 3), 0, len(steps) - 1))
        root = int(np.clip(centre - 6 + steps[degree], low, high))
        chord = (root, root + 4, root + 7) if kind == "chords" else (root,)
        velocity = int(rng.integers(60, 120))
        notes += [Note(float(start), step * 0.95, min(key, 108), velocity) for key in chord]
    return notes, tuple(tags)


def beats(rng: np.random.Generator, keys: tuple[int, ...]) -> Phrase:
    """Return strokes on one percussion instrument: one, a pulse, or a roll."""
    step = float(rng.choice([6.0, 0.09, 0.15, 0.25, 0.4, 0.7, 1.0]))
    notes = [
        Note(float(start), 0.2, int(rng.choice(keys)), int(rng.integers(60, 125)), _DRUMS)
        for start in np.arange(0.05, 4.9, step)
    ]
    return notes, ("single",) if step > 5 else ("fast",) if step < 0.2 else ()


def effect(rng: np.random.Generator) -> Phrase:
    """Return a recorded effect: held, or set off again and again."""
    key = int(rng.integers(52, 68))
    gap = float(rng.choice([5.0, 5.0, 5.0, 2.5, 1.2]))
    return [
        Note(float(start), gap * 0.95, key, int(rng.integers(80, 120)))
        for start in np.arange(0.05, 4.9, gap)
    ], ()


def drum_kit(rng: np.random.Generator, _: object = None) -> Phrase:
    """Return a bar or two of a drum kit."""
    step = float(rng.uniform(0.11, 0.2))
    notes = []
    for index, start in enumerate(np.arange(0.05, 4.9, step)):
        strokes = [42] if rng.random() < 0.85 else [46]
        strokes += [36] * (index % 8 in (0, 5) or rng.random() < 0.1)
        strokes += [38] * (index % 8 == 4 or rng.random() < 0.06)
        strokes += [49] * (index % 32 == 0)
        notes += [
            Note(float(start), 0.1, key, int(rng.integers(70, 125)), _DRUMS) for key in strokes
        ]
    return notes, ()


def band(rng: np.random.Generator, _: object = None) -> Phrase:
    """Return drums, bass and chords together, as popular music has them."""
    notes, _tags = drum_kit(rng)
    root = int(rng.integers(40, 52))
    for index, start in enumerate(np.arange(0.05, 4.5, 0.6)):
        shift = int(rng.choice([0, 5, 7, 9])) if index % 2 == 0 else 0
        notes.append(Note(float(start), 0.5, root + shift - 12, 100, 1))
        notes += [Note(float(start), 0.55, root + shift + add, 85, 2) for add in (12, 16, 19)]
        notes.append(Note(float(start), 0.3, root + 24 + int(rng.choice([0, 4, 7, 9])), 100, 3))
    return notes, ()


ENSEMBLES: dict[str, tuple[tuple[Callable[[np.random.Generator], Phrase], dict[int, int]], ...]] = {
    "drum_kit": ((drum_kit, {}),),
    "electronic_beat": ((drum_kit, {_DRUMS: 25}),),
    "loudspeaker_music": ((band, {1: 33, 2: 4, 3: 73}), (band, {1: 38, 2: 89, 3: 81})),
}
"""Several instruments together: what they play, and the program of each channel."""


def _midi(phrases: list[list[Note]], programs: dict[int, int], bank: int = 0) -> mido.MidiFile:
    events: list[tuple[float, mido.Message]] = []
    for slot, notes in enumerate(phrases):
        for note in notes:
            start = slot * _SLOT + note.start
            on = mido.Message(
                "note_on", channel=note.channel, note=note.key, velocity=note.velocity
            )
            off = mido.Message("note_off", channel=note.channel, note=note.key)
            events += [(start, on), (start + note.length, off)]
    track = mido.MidiTrack()
    for channel, program in programs.items():
        track.append(mido.Message("control_change", channel=channel, control=0, value=bank))
        track.append(mido.Message("program_change", channel=channel, program=program))
    now = 0
    for seconds, message in sorted(events, key=lambda event: event[0]):
        tick = round(seconds * _BEATS_PER_SECOND * _TICKS)
        track.append(message.copy(time=tick - now))
        now = tick
    file = mido.MidiFile(ticks_per_beat=_TICKS)
    file.tracks.append(track)
    return file


_AUDIBLE = 1e-3  # of full scale
_BRIEF = 0.5  # seconds; a single note up to this long is damped at its end, as sample banks cut it


def play(
    phrases: list[Phrase], programs: dict[int, int], bank: int = 0, fonts: Fonts = FLUID
) -> Iterator[Sound]:
    """Render phrases in one run of FluidSynth and cut them apart.

    A few notes lie outside what the sound font has for a program; a phrase of none but these is
    silent, and is left out.
    """
    with tempfile.TemporaryDirectory() as folder:
        midi, wav = Path(folder, "notes.mid"), Path(folder, "sound.wav")
        _midi([notes for notes, _ in phrases], programs, bank).save(midi)
        command = ["fluidsynth", "-niq", "-R", "0", "-C", "0", "-r", str(RATE), "-g", "0.6"]
        subprocess.run(
            [*command, "-F", str(wav), *map(str, fonts), str(midi)], check=True, capture_output=True
        )
        waveform = load(wav, RATE).waveform
    for slot, (notes, tags) in enumerate(phrases):
        start = round(slot * _SLOT * RATE)
        played = waveform[start : start + 5 * RATE]
        if "short" in tags:
            played = _damped(played, notes[0].start + notes[0].length)
        if np.abs(played).max() > _AUDIBLE:
            yield Sound(played, tags)  # type: ignore[arg-type]


def _damped(played: Waveform, at: float) -> Waveform:
    """Let what is played fall silent within 50 ms."""
    seconds = np.arange(len(played), dtype=np.float32) / RATE
    return played * np.clip(1 - (seconds - at) / 0.05, 0, 1)


def instruments(rng: np.random.Generator, count: int) -> Iterator[tuple[str, Sound]]:
    """Yield ``count`` clips of every instrument, with its concept."""
    for concept, (programs, low, high) in PROGRAMS.items():
        players = [FLUID, OTHERS[concept]] if concept in OTHERS else [FLUID]
        for fonts in players:
            for program in programs:
                share = -(-count // (len(programs) * len(players)))
                phrases = [melody(rng, low, high) for _ in range(share)]
                yield from ((concept, sound) for sound in play(phrases, {0: program}, fonts=fonts))
    for (bank, program), concept in EFFECTS.items():
        phrases = [effect(rng) for _ in range(count)]
        yield from ((concept, sound) for sound in play(phrases, {0: program}, bank))
    for concept, keys in PERCUSSION.items():
        phrases = [beats(rng, keys) for _ in range(count)]
        yield from ((concept, sound) for sound in play(phrases, {}))
    for concept, parts in ENSEMBLES.items():
        for make, assigned in parts:
            phrases = [make(rng) for _ in range(count)]
            yield from ((concept, sound) for sound in play(phrases, assigned))
