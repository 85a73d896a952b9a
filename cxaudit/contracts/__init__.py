"""Data contracts: ODCS files → rules → a verdict, the keys of failing rows, quarantine."""
