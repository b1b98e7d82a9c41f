"""What anysound needs of a machine: what is there, what isn't, and what to do."""

from anysound.doctor.check import Check, DoctorOptions, Verdict, worst
from anysound.doctor.examine import CHECKS, examine

__all__ = ["CHECKS", "Check", "DoctorOptions", "Verdict", "examine", "worst"]
