"""Trains the rows of the text table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from anysound.models.protocol import Embeddings


@dataclass(frozen=True)
class Training:
    """How the rows are trained.

    Attributes:
        epochs: Passes over all examples.
        batch: Examples a step.
        rate: Adam's highest learning rate.
        contrast: Weight of the loss that tells the meanings of one batch apart.
        temperature: Of that loss.
        alike: Meanings more similar than this are not told apart.
        seed: Of the order of examples.
    """

    epochs: int = 12
    batch: int = 1024
    rate: float = 3e-3
    contrast: float = 1.0
    temperature: float = 0.08
    alike: float = 0.8
    seed: int = 0


def train(
    first: Embeddings, tokens: Sequence[list[int]], meanings: Embeddings, options: Training
) -> Embeddings:
    """Train the rows so that the sum of a text's tokens points to its meaning."""
    torch.manual_seed(options.seed)
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(first), freeze=False, mode="sum")
    optimizer = torch.optim.Adam(bag.parameters(), lr=options.rate, fused=True)
    steps = options.epochs * (len(tokens) // options.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.rate, steps, pct_start=0.1)
    goals = torch.from_numpy(meanings)
    rng = np.random.default_rng(options.seed)
    for epoch in range(options.epochs):
        similarities = []
        order = rng.permutation(len(tokens))
        for start in range(0, len(order) - options.batch + 1, options.batch):
            chosen = order[start : start + options.batch]
            cut = [tokens[index] for index in chosen]
            offsets = np.cumsum([0, *map(len, cut[:-1])])
            vectors = bag(torch.tensor(np.concatenate(cut)), torch.from_numpy(offsets))
            loss, similarity = objective(vectors, goals[chosen], options)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            similarities.append(float(similarity))
        print(
            f"epoch {epoch + 1}: mean cosine to the meaning {np.mean(similarities):.4f}", flush=True
        )
    return bag.weight.detach().numpy()


def objective(vectors: Tensor, goals: Tensor, options: Training) -> tuple[Tensor, Tensor]:
    """Return the loss of one batch and its mean similarity to the goals."""
    units = functional.normalize(vectors, dim=1)
    similarity = (units * goals).sum(dim=1).mean()
    same = (goals @ goals.T > options.alike) & ~torch.eye(len(goals), dtype=torch.bool)
    logits = (units @ goals.T / options.temperature).masked_fill(same, -torch.inf)
    apart = functional.cross_entropy(logits, torch.arange(len(goals)))
    return 1 - similarity + options.contrast * apart, similarity.detach()
