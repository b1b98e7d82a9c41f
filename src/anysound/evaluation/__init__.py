"""Wordings chosen by measurement: how well label sets do on recordings whose labels are known."""

from anysound.evaluation.candidates import Synonyms, no_synonyms
from anysound.evaluation.evaluate import Evaluation, EvaluationOptions, Plan, evaluate, plan
from anysound.evaluation.fitting import Fit
from anysound.evaluation.measures import LabelMeasure, Share
from anysound.evaluation.output import check_folder, write_report
from anysound.evaluation.report import Comparison, WordingReport, confusions
from anysound.evaluation.suggest import Suggestion
from anysound.evaluation.wordings import Wording

__all__ = [
    "Comparison",
    "Evaluation",
    "EvaluationOptions",
    "Fit",
    "LabelMeasure",
    "Plan",
    "Share",
    "Suggestion",
    "Synonyms",
    "Wording",
    "WordingReport",
    "check_folder",
    "confusions",
    "evaluate",
    "no_synonyms",
    "plan",
    "write_report",
]
