"""The report an executive opens: one HTML file drawn from audit.json."""

from cxaudit.report.render import Report, render, render_html

__all__ = ["Report", "render", "render_html"]
