local bench = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "spending.lua")(bench)
