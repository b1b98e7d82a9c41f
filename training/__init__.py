"""How the bundled models are made: phrases, generated sounds, features and training."""
