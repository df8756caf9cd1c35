# Every target is one command of run.py, which sets up .venv by itself.
.PHONY: demo serve worker test check eval
demo serve worker test check eval:
	python3 run.py $@ $(ARGS)
