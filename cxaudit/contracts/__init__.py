"""Data contracts: ODCS files, their rules, the checks, and what is set aside."""

from cxaudit.contracts.describe import describe_checks, describe_rules

__all__ = ["describe_checks", "describe_rules"]
