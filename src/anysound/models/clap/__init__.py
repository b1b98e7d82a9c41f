"""LAION's CLAP models: from a checkpoint to graphs, and the graphs at run time."""
