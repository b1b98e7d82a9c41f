"""Speech by many voices, spoken by espeak-ng; crowds are many voices at once."""

import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import signal

from anysound.audio import load
from training.effects import Samples, filtered
from training.synthesis.registry import RATE, Sound

_LANGUAGES = ("en-us", "en-gb", "cmn", "cmn", "es", "fr-fr", "de", "it", "ru", "ja", "ko", "pt")
_ENGLISH = (
    "Good morning, how are you doing today? I was about to call you.",
    "The next meeting starts at half past ten in the small room upstairs.",
    "Please take the report from the desk and bring it to the office.",
    "I don't think that it will rain tomorrow, but take an umbrella anyway.",
    "Could you tell me where the station is? I have to catch a train.",
    "We walked along the river for an hour and then had some tea.",
    "First open the valve, then check the pressure, and write it down.",
    "She said that the shop around the corner sells very good bread.",
)
_CHINESE = (
    "早上好，今天天气不错，我们出去走走吧。",
    "请问火车站怎么走？我要赶十点半的车。",
    "这个多少钱一斤？太贵了，便宜一点吧。",
    "下一站是人民广场，请从左侧车门下车。",
    "我昨天去看了那台机器，声音有点不对劲。",
    "大家请安静，会议现在开始，先看上个月的数据。",
    "妈妈，我作业写完了，可以出去玩吗？",
    "师傅，麻烦您把音量调小一点，谢谢。",
)
_MARKET = (
    "便宜一点吧，二十块行不行？",
    "新鲜的白菜，两块钱一斤！",
    "再送你两根葱，拿好啊。",
    "这鱼怎么卖？太贵了！",
)
_STATION = (
    "请注意，开往上海的列车即将进站，请站在黄色安全线以内。",
    "下一站，人民广场，请做好准备。",
    "Attention please, the train now arriving at platform two is for the airport.",
    "Mind the gap. Please stand clear of the closing doors.",
)


@dataclass(frozen=True)
class Speaker:
    """Voice of espeak-ng, with its pitch (0-99) and speed in words a minute."""

    voice: str
    pitch: int
    speed: int


def speak(text: str, speaker: Speaker) -> Samples:
    """Return a spoken text, at ``RATE``, at most five seconds of it."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder, "speech.wav")
        voice = ["-v", speaker.voice, "-p", str(speaker.pitch), "-s", str(speaker.speed)]
        command = ["espeak-ng", *voice, "-w", str(wav), text]
        subprocess.run(command, check=True, capture_output=True)
        return load(wav, RATE).waveform[: 5 * RATE].astype(np.float64)


def _text(rng: np.random.Generator, language: str) -> str:
    lines = _CHINESE if language == "cmn" else _ENGLISH
    return " ".join(rng.permutation(lines)[:2])


def _speaker(rng: np.random.Generator, language: str, kind: str) -> Speaker:
    variant, low, high = {
        "male": (f"+m{rng.integers(1, 8)}", 10, 55),
        "female": (f"+f{rng.integers(1, 6)}", 40, 75),
        "child": (f"+f{rng.integers(2, 5)}", 85, 99),
        "whisper": (str(rng.choice(["+whisper", "+whisperf"])), 30, 70),
        "robot": (str(rng.choice(["+croak", "+klatt", "+klatt3", "+m1"])), 0, 30),
    }[kind]
    return Speaker(language + variant, int(rng.integers(low, high)), int(rng.integers(110, 230)))


def _said(rng: np.random.Generator, kind: str, language: str | None = None) -> Samples:
    language = language or str(rng.choice(_LANGUAGES))
    return speak(_text(rng, language), _speaker(rng, language, kind))


def _mix(parts: list[Samples], gains: Samples) -> Samples:
    mixed = np.zeros(5 * RATE)
    for part, gain in zip(parts, gains, strict=True):
        mixed[: len(part)] += gain * part / (np.abs(part).max() + 1e-9)
    return mixed


def _crowd(rng: np.random.Generator, size: int) -> Samples:
    parts = [_said(rng, str(rng.choice(["male", "female"]))) for _ in range(size)]
    parts = [np.roll(part, int(rng.integers(len(part)))) for part in parts]
    return _mix(parts, rng.uniform(0.2, 1.0, size))


def _band(samples: Samples, low: float, high: float) -> Samples:
    return filtered(samples, "bandpass", (low, high), 4)


def _hall(rng: np.random.Generator, samples: Samples, seconds: float) -> Samples:
    length = int(seconds * RATE)
    tail = rng.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    wet = signal.fftconvolve(samples, tail)[: 5 * RATE]
    dry = np.pad(samples, (0, max(0, len(wet) - len(samples))))[: len(wet)]
    return dry / (np.abs(dry).max() + 1e-9) + 0.8 * wet / (np.abs(wet).max() + 1e-9)


def _announcement(rng: np.random.Generator) -> Samples:
    speaker = _speaker(rng, str(rng.choice(["cmn", "en-us", "en-gb"])), "female")
    text = rng.choice(_STATION[:2] if speaker.voice.startswith("cmn") else _STATION[2:])
    spoken = speak(str(text), speaker)
    if rng.random() < 0.5:  # the chime before it
        time = np.arange(int(0.5 * RATE)) / RATE
        chime = [np.sin(2 * np.pi * f * time) * np.exp(-5 * time) for f in (880.0, 660.0)]
        spoken = np.concatenate([*(0.3 * note for note in chime), spoken])
    return _hall(rng, _band(spoken, 250, rng.uniform(4000, 8000)), rng.uniform(0.8, 2.5))


def _market(rng: np.random.Generator) -> Samples:
    voices = [
        speak(str(rng.choice(_MARKET)), _speaker(rng, "cmn", str(rng.choice(["male", "female"]))))
        for _ in range(int(rng.integers(3, 7)))
    ]
    rolled = [np.roll(part, int(rng.integers(RATE))) for part in voices]
    return _mix(rolled, rng.uniform(0.4, 1.0, len(rolled)))


def _shout(rng: np.random.Generator) -> Samples:
    speaker = _speaker(rng, str(rng.choice(_LANGUAGES)), str(rng.choice(["male", "female"])))
    text = str(rng.choice(["Hey! Stop! Come here!", "Help! Over here!", "喂！快过来！站住！"]))
    spoken = speak(text, Speaker(speaker.voice, min(99, speaker.pitch + 35), 190))
    return np.tanh(4.0 * spoken / (np.abs(spoken).max() + 1e-9))


def _voice(concept: str, rng: np.random.Generator) -> Samples:
    match concept:
        case "male_speech":
            return _said(rng, "male")
        case "female_speech":
            return _said(rng, "female")
        case "child_speech":
            return _said(rng, "child")
        case "chinese_speech":
            return _said(rng, str(rng.choice(["male", "female"])), "cmn")
        case "whispering":
            return _said(rng, "whisper")
        case "robot_voice":
            return _said(rng, "robot")
        case "phone_voice":
            return _band(_said(rng, str(rng.choice(["male", "female"]))), 300, 3400)
        case "shouting":
            return _shout(rng)
        case "crowd_babble":
            return _crowd(rng, int(rng.integers(6, 14)))
        case "market_bargaining":
            return _market(rng)
        case "subway_announcement":
            return _announcement(rng)
        case _:
            return _hall(rng, _said(rng, str(rng.choice(["male", "female"]))), 1.5)


CONCEPTS = (
    "male_speech",
    "female_speech",
    "child_speech",
    "chinese_speech",
    "whispering",
    "robot_voice",
    "phone_voice",
    "shouting",
    "crowd_babble",
    "market_bargaining",
    "subway_announcement",
    "public_address_reverb",
)


def voices(seed: int, count: int) -> Iterator[tuple[str, Sound]]:
    """Yield ``count`` clips of every kind of voice, with its concept."""
    for number, concept in enumerate(CONCEPTS):
        generators = [np.random.default_rng([seed, number, index]) for index in range(count)]
        with ThreadPoolExecutor(2) as pool:
            for samples in pool.map(lambda rng, c=concept: _voice(c, rng), generators):
                yield concept, Sound(samples)
