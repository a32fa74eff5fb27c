"""What should make one doubt a score before it is measured."""
