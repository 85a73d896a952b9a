"""Zendesk's names of time zones (those of Ruby on Rails) → IANA names."""

from __future__ import annotations

# one region a line: IANA area, then "Zendesk's name=City", "=" left out where the two agree
_AREAS: dict[str, str] = {
    "America": (
        "Alaska=Juneau, Pacific Time (US & Canada)=Los_Angeles, Tijuana, Arizona=Phoenix, "
        "Mountain Time (US & Canada)=Denver, Central Time (US & Canada)=Chicago, "
        "Eastern Time (US & Canada)=New_York, Indiana (East)=Indiana/Indianapolis, "
        "Chihuahua, Mazatlan, Saskatchewan=Regina, Guadalajara=Mexico_City, Mexico City, "
        "Monterrey, Central America=Guatemala, Bogota, Lima, Quito=Lima, Caracas, La Paz, "
        "Santiago, Asuncion, Atlantic Time (Canada)=Halifax, Newfoundland=St_Johns, "
        "Brasilia=Sao_Paulo, Buenos Aires=Argentina/Buenos_Aires, Montevideo, Puerto Rico, "
        "Georgetown=Guyana, Greenland=Nuuk"
    ),
    "Atlantic": "Mid-Atlantic=South_Georgia, Azores, Cape Verde Is.=Cape_Verde",
    "Africa": (
        "Casablanca, Monrovia, West Central Africa=Algiers, Cairo, Harare, "
        "Pretoria=Johannesburg, Nairobi"
    ),
    "Europe": (
        "Dublin, Edinburgh=London, Lisbon, London, Belgrade, Bratislava, Budapest, Ljubljana, "
        "Prague, Sarajevo, Skopje, Warsaw, Zagreb, Brussels, Copenhagen, Madrid, Paris, "
        "Amsterdam, Berlin, Bern=Zurich, Zurich, Rome, Stockholm, Vienna, Bucharest, Helsinki, "
        "Kyiv, Riga, Sofia, Tallinn, Vilnius, Athens, Istanbul, Minsk, Kaliningrad, Moscow, "
        "St. Petersburg=Moscow, Volgograd, Samara"
    ),
    "Asia": (
        "Jerusalem, Kuwait, Riyadh, Baghdad, Tehran, Abu Dhabi=Muscat, Muscat, Baku, Tbilisi, "
        "Yerevan, Kabul, Ekaterinburg=Yekaterinburg, Islamabad=Karachi, Karachi, Tashkent, "
        "Chennai=Kolkata, Kolkata, Mumbai=Kolkata, New Delhi=Kolkata, Kathmandu, Astana=Dhaka, "
        "Dhaka, Sri Jayawardenepura=Colombo, Almaty, Novosibirsk, Rangoon, Bangkok, "
        "Hanoi=Bangkok, Jakarta, Krasnoyarsk, Beijing=Shanghai, Chongqing, Hong Kong, Urumqi, "
        "Kuala Lumpur, Singapore, Taipei, Irkutsk, Ulaanbaatar, Ulaan Bataar=Ulaanbaatar, "
        "Seoul, Osaka=Tokyo, Sapporo=Tokyo, Tokyo, Yakutsk, Vladivostok, Magadan, "
        "Srednekolymsk, Solomon Is.=Magadan, Kamchatka"
    ),
    "Australia": "Perth, Darwin, Adelaide, Canberra=Melbourne, Melbourne, Sydney, Brisbane, Hobart",
    "Pacific": (
        "American Samoa=Pago_Pago, International Date Line West=Midway, Midway Island=Midway, "
        "Samoa=Apia, Hawaii=Honolulu, Guam, Port Moresby, New Caledonia=Noumea, Fiji, "
        "Marshall Is.=Majuro, Auckland, Wellington=Auckland, Nuku'alofa=Tongatapu, "
        "Tokelau Is.=Fakaofo, Chatham Is.=Chatham"
    ),
}

ZONES: dict[str, str] = {
    name: f"{area}/{city or name.replace(' ', '_')}"
    for area, entries in _AREAS.items()
    for name, _, city in (entry.partition("=") for entry in entries.split(", "))
}
# where the city Rails names has since been split off or is spelt in another way; UTC is no city
ZONES |= {"Solomon Is.": "Pacific/Guadalcanal", "Astana": "Asia/Almaty", "UTC": "UTC"}
