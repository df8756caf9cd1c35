"""Every word sent to a language model, one YAML file per task and language."""
