"""Transformers with the interface of scikit-learn, imported when they are first asked for."""
