Console.WriteLine("mana");
