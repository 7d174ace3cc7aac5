"""Tuning (调参): which policy earns most of what a clairvoyant would, searched on some worlds, judged on others."""
