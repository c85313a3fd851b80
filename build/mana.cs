#!/usr/bin/env dotnet
#:property PublishAot=false
#:include **/*.cs
// The developer command of this repository. `./mana` alone prints what it can do; the commands stand in Commands/, one file each.
return await Mana.Build.CommandLine.Run(args);
