"""What a language model may do to finished briefs: smooth sentences, draft wording. It states no fact."""
