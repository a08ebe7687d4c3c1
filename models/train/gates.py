"""The gates that a bundle must pass to ship: a floor, and where it is meant to be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Gate:
    """One figure with its floor and its goal. A gate `at_most` is held by small figures, any other by large ones."""

    name: str
    key: str
    floor: float
    goal: float
    at_most: bool = False

    def judge(self, figure: float) -> str:
        """'holds, at the goal', 'holds' or 'falls short'."""

        def within(bound: float) -> bool:
            return figure <= bound if self.at_most else figure >= bound

        return "holds, at the goal" if within(self.goal) else "holds" if within(self.floor) else "falls short"


GATES = (
    Gate("least KL of a shown dial, nats", "klLeast", 0.3, 0.8),
    Gate("largest KL of a shown dial, nats", "klMost", 6.0, 3.0, True),
    Gate("aggregate on the dials: mean furthest from 0", "aggregateMean", 0.15, 0.08, True),
    Gate("aggregate on the dials: least spread", "aggregateSpreadLeast", 0.85, 0.92),
    Gate("aggregate on the dials: largest spread", "aggregateSpreadMost", 1.15, 1.08, True),
    Gate("most frequent winner, standard normal", "winnerNormal", 0.01, 0.005, True),
    Gate("most frequent winner, uniform dials", "winnerUniform", 0.01, 0.007, True),
    Gate("picture error of the top match over the best garment's, uniform dials", "errorRatio", 1.5, 1.4, True),
    Gate("named dials of colour: least Spearman, held out", "spearmanColour", 0.97, 0.98),
    Gate("named dials of shape: least Spearman, held out", "spearmanShape", 0.92, 0.94),
    Gate("named dials of colour: least purity", "purityColour", 0.75, 0.80),
    Gate("named dials of shape: least purity", "purityShape", 0.50, 0.62),
    Gate("recall@1, z ~ q(z|x)", "recall", 0.99, 0.998),
    Gate("decoder int8 against float: mean, dB", "decoderMean", 45, 52),
    Gate("decoder int8 against float: worst picture, dB", "decoderWorst", 40, 46),
    Gate("encoder int8: error of mu, mean, sigmas", "encoderMean", 0.10, 0.04, True),
    Gate("encoder int8: error of mu, worst dial, sigmas", "encoderWorst", 0.30, 0.10, True),
    Gate("encoder int8: same top match", "encoderSameTop", 0.95, 0.98),
    Gate("alpha IoU, held out", "iou", 0.93, 0.945),
    Gate("PSNR, held out, dB", "psnr", 19.0, 19.5),
)
"""The first floor of KL is the design's; its upper bound is ours: over 6 nats a posterior is a needle."""


def judge(figures: dict[str, float]) -> list[dict]:
    """Every gate whose figure was measured, with the verdict."""
    return [
        {"gate": g.name, "key": g.key, "figure": round(figures[g.key], 4), "floor": g.floor, "goal": g.goal, "verdict": g.judge(figures[g.key])}
        for g in GATES
        if g.key in figures
    ]


def as_markdown(verdicts: list[dict]) -> str:
    """The gates as a table."""
    lines = ["| gate | figure | floor | goal | |", "|---|---|---|---|---|"]
    lines += [f"| {v['gate']} | {v['figure']:g} | {v['floor']:g} | {v['goal']:g} | {v['verdict']} |" for v in verdicts]
    return "\n".join(lines)
