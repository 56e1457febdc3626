// Names of the people in the demo workspace. First and last names are drawn independently: nobody is meant.
#pragma once
#include <string_view>

namespace overture::app {

inline constexpr std::string_view kDemoFirstNames[] = {
    "Adaeze", "Alice",  "Amir",   "Anja",   "Anton",  "Beatriz", "Bianca", "Callum", "Camille", "Carla",
    "Chloe",  "Daiki",  "Dana",   "Derek",  "Diego",  "Elena",   "Elliot", "Emeka",  "Esther",  "Farah",
    "Felix",  "Fiona",  "Gareth", "Gloria", "Hanna",  "Hassan",  "Helena", "Hugo",   "Ines",    "Irina",
    "Isaac",  "Jasper", "Joanna", "Jonas",  "Julian", "Karin",   "Katja",  "Kenji",  "Kofi",    "Lara",
    "Leila",  "Lorenz", "Lucia",  "Malik",  "Marek",  "Marta",   "Mateo",  "Meera",  "Milan",   "Miriam",
    "Nadia",  "Naomi",  "Niall",  "Noor",   "Olga",   "Oscar",   "Paolo",  "Petra",  "Priya",   "Quentin",
    "Rafael", "Rania",  "Renata", "Rohan",  "Rosa",   "Samira",  "Sanjay", "Sofia",  "Stefan",  "Tamsin",
    "Tariq",  "Teresa", "Theo",   "Tobias", "Ulrike", "Valeria", "Victor", "Wanda",  "Yara",    "Zoe",
};

inline constexpr std::string_view kDemoLastNames[] = {
    "Abara",     "Aldridge",  "Almeida",   "Andersen", "Ashworth",  "Baptiste",   "Barlow",   "Beaumont",
    "Bellini",   "Bergstrom", "Bianchi",   "Calloway", "Carvalho",  "Chaudhry",   "Cortez",   "Dahl",
    "Delacroix", "Desai",     "Dimitrov",  "Donnelly", "Eriksen",   "Farrow",     "Ferreira", "Fontaine",
    "Gallagher", "Grewal",    "Hadley",    "Haddad",   "Hartmann",  "Holloway",   "Iyer",     "Jankowski",
    "Kamara",    "Kaplan",    "Keller",    "Kowal",    "Kruger",    "Lindqvist",  "Lombardi", "Marchetti",
    "Mbeki",     "Mercer",    "Moreau",    "Nakagawa", "Nandi",     "Novak",      "Obi",      "Okonkwo",
    "Orsini",    "Pereira",   "Petrov",    "Quigley",  "Rahman",    "Redfern",    "Rossi",    "Sandoval",
    "Sato",      "Schuster",  "Serrano",   "Shah",     "Sorensen",  "Stanford",   "Szabo",    "Tanner",
    "Toledo",    "Ueda",      "Underhill", "Varga",    "Vermeer",   "Villanueva", "Voss",     "Wexler",
    "Whitlock",  "Winslow",   "Yamada",    "Yeates",   "Zielinski", "Zimmer",
};

inline constexpr std::string_view kDemoJobTitles[] = {
    "Editor",
    "Managing Editor",
    "Content Lead",
    "Developer Advocate",
    "Head of Content",
    "Community Manager",
    "Engineering Manager",
    "Staff Writer",
    "Technical Writer",
    "Marketing Manager",
    "Partnerships Lead",
    "Head of Engineering",
    "Newsletter Editor",
    "Brand Manager",
    "Founder",
};

inline constexpr std::string_view kDemoPlaces[] = {
    "Austin, United States",   "Berlin, Germany",        "Bristol, United Kingdom", "Cape Town, South Africa",
    "Copenhagen, Denmark",     "Dublin, Ireland",        "Lisbon, Portugal",        "London, United Kingdom",
    "Melbourne, Australia",    "Montreal, Canada",       "Munich, Germany",         "New York, United States",
    "Portland, United States", "Prague, Czech Republic", "Stockholm, Sweden",       "Toronto, Canada",
    "Utrecht, Netherlands",    "Vienna, Austria",        "Warsaw, Poland",          "Zurich, Switzerland",
};

inline constexpr std::string_view kDemoAges[] = {"25-34", "25-34", "35-44", "35-44", "45-54", "18-24"};

/// Mailboxes of a function, in front of the site's host.
inline constexpr std::string_view kDemoRoleAddresses[] = {"editor", "hello",   "press",
                                                          "blog",   "content", "editorial"};

}  // namespace overture::app
