"""The document: what a person has drawn, as pure data that knows neither NumPy nor Qt."""
