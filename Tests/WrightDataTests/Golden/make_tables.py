"""Makes people.db. Run once, never in CI. Python 3.11, SQLite 3.40."""
import os
import sqlite3

if os.path.exists("people.db"):
    os.remove("people.db")
connection = sqlite3.connect("people.db")
connection.execute("PRAGMA page_size = 512")
connection.execute("CREATE TABLE cities (name TEXT)")
connection.execute("INSERT INTO cities VALUES ('Bern')")
connection.execute('CREATE TABLE "people ""2""" (name TEXT, age INTEGER, weight REAL, photo BLOB)')
connection.execute('INSERT INTO "people ""2""" VALUES (?, ?, ?, ?)', ("王小明", 31, 70.25, b"\x00\xff"))
connection.execute('INSERT INTO "people ""2""" VALUES (?, ?, ?, ?)', ("", -9007199254740993, 0.1, None))
connection.commit()
connection.execute("VACUUM")
connection.close()
