"""What the models are called."""

BG, MBG, PARETO, NAIVE = "bg_nbd", "mbg_nbd", "pareto_nbd", "naive"
MODEL_NAMES = {PARETO: "Pareto/NBD", MBG: "MBG/NBD", BG: "BG/NBD"}
