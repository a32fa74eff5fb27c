"""What benchmarks/accuracy.py is made of: tables, contestants, scores and the page."""
