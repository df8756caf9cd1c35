"""SQL: the truth. Tables, sessions, migrations, and the door to durable jobs."""
