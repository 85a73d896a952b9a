"""The notebooks run in order: parameters, reuse, progress, failure, and the run folder."""
