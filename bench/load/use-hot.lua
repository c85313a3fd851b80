local bench = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
-- All on one account: every request wants the same lock.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "spending.lua")(bench, 1)
