"""Dashboard: the day at a glance. Everything happens in the component."""

from panel.components.dashboard import dashboard

dashboard()
