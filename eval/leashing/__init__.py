"""The leash measured: a model that obeys whatever it reads, and one that lies, against what briefs say without any."""
