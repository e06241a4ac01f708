//! German profiles and posts.

use super::{Syllables, Talk, Words};
use crate::groups::{Community, Role};

pub(crate) static WORDS: Words = Words {
    code: "de",
    countries: &["DE", "DE", "DE", "DE", "AT", "CH"],
    first: Syllables {
        starts: &["Adel", "Bern", "Clot", "Diet", "Ehr", "Ger", "Hild", "Irm", "Lud", "Mech", "Ott", "Rein", "Wal"],
        ends: &["wina", "olf", "runde", "mar", "linde", "hild", "burg", "ward", "tine"],
    },
    last: Syllables {
        starts: &["Brom", "Dünk", "Eich", "Falken", "Grüt", "Hasel", "Krum", "Lauter", "Mühl", "Quitt", "Ross", "Weid"],
        ends: &["hufer", "löffel", "brandl", "sperling", "zwirn", "winzkel", "hägel", "knöpfling"],
    },
    place: Syllables {
        starts: &["Brande", "Hohlen", "Lautru", "Neuk", "Obru", "Quellis", "Steinu", "Wolfsi"],
        ends: &["lau", "wiedel", "furten", "roda", "moosen", "zellau"],
    },
    roles: &[
        (Role::Patient, &["Typ-1-Diabetikerin seit {n} Jahren", "Diabetiker, Typ 1", "Lebe mit Diabetes", "Patientin mit Pumpe"]),
        (Role::Caregiver, &["Mutter eines Kindes mit Diabetes", "Pflegender Angehöriger", "Papa, Typ-1-Kind"]),
        (
            Role::Physician,
            &["Fachärztin für Innere Medizin", "Hausarzt", "Diabetologe", "Ärztin, Endokrinologie", "Kinderarzt auf dem Land"],
        ),
        (Role::Nurse, &["Krankenschwester", "Pflegefachfrau", "Krankenpfleger, Intensivstation"]),
        (Role::Pharmacist, &["Apothekerin", "Apotheker vor Ort"]),
        (Role::AlliedHealth, &["Physiotherapeutin", "Diätassistentin"]),
        (Role::Researcher, &["Wissenschaftlerin, Stoffwechsel", "Gesundheitsökonom", "Professor für Epidemiologie"]),
        (Role::Student, &["Medizinstudentin im {y}. Jahr", "Medizinstudent"]),
        (Role::Payer, &["Krankenkasse, Abteilung Hilfsmittel", "Referentin bei einer Krankenversicherung"]),
        (Role::Device, &["Entwickler für Medizintechnik", "Ingenieurin, Medizinprodukte"]),
        (Role::HealthIt, &["Digital Health, Schnittstellen", "Gesundheits-IT, Praxissoftware"]),
        (Role::Media, &["Medizinjournalistin", "Redakteur Gesundheit"]),
        (Role::Government, &["Referent im Gesundheitsministerium", "Gesundheitsamt, Öffentlichkeitsarbeit"]),
        (Role::Public, &["Lese nur mit", "Neugierig", "Rentner, technikbegeistert"]),
    ],
    organisations: &[
        (
            Role::Hospital,
            &[
                ("Klinikum {P}", "Offizieller Kanal des Klinikums {P}."),
                ("Krankenhaus {P}", "Krankenhaus der Grundversorgung. Impressum auf Anfrage."),
            ],
        ),
        (
            Role::Payer,
            &[
                ("Betriebskrankenkasse {P}", "Gesetzliche Krankenkasse. Service 7-19 Uhr."),
                ("Krankenversicherung {P}", "Versicherung seit 19{d}."),
            ],
        ),
        (Role::Device, &[("{P}er Medizintechnik", "Hersteller von Pumpen und Sensoren.")]),
        (Role::HealthIt, &[("{P} Praxissoftware", "Software für Arztpraxen. Digital Health aus {P}.")]),
        (Role::Media, &[("{P}er Gesundheitsbote", "Nachrichten aus Medizin und Politik.")]),
        (Role::Government, &[("Gesundheitsamt {P}", "Amtliche Informationen der Stadt {P}.")]),
        (Role::Researcher, &[("Institut für Stoffwechselforschung {P}", "Forschung zu Diabetes und Sensorik.")]),
        (Role::Pharmacist, &[("{P}er Apotheke", "Ihre Apotheke am Markt. Notdienst im Wechsel.")]),
    ],
    jokes: &[
        (Role::Patient, "Bauchspeicheldrüse im Vorruhestand. Typ 1, aber mit Kuchen"),
        (Role::Physician, "Hausarzt. Ja, ich faxe noch"),
    ],
    at: "am",
    interests: &["Glukosesensoren", "Versorgungsforschung", "Prävention", "Datenschutz", "Schulung", "Telemedizin"],
    hobbies: &["Bergwandern", "Chorsängerin", "Kaffee schwarz", "Radfahren", "Garten", "Brettspiele"],
    disclaimers: &["Hier privat.", "Eigene Meinung.", "Keine medizinische Beratung.", "", ""],
    mysteries: &["Moin.", "meistens müde", "Hier privat.", "Immer wieder sonntags 🍰", "Wetter: wechselhaft"],
    talk: &Talk {
        everyday: &[(
            Community::German,
            &[
                "Das Glimbo-Pflaster hält jetzt {n} Tage, trotz Schwimmbad.",
                "Die Krankenkasse hat nach {n} Wochen geantwortet: abgelehnt.",
                "Sprechstunde voll, {n} Rezepte, ein Fax.",
                "Fortbildung zu Sensoren am Mittwoch, noch {n} Plätze.",
                "Heute {n} % im Zielbereich, das wird gefeiert.",
                "Schnittstelle läuft, Befunde kommen an.",
                "Kuchen berechnet, Kuchen gegessen, alles gut.",
                "Nachtdienst mit {n} Alarmen und keinem Kaffee.",
                "Neue Auswertung: weniger Unterzuckerungen in allen Gruppen.",
            ],
        )],
        camps: [
            &[
                "Ein Sensor, den keiner bezahlen kann, misst nichts.",
                "Preisdeckel jetzt, nicht erst nach der Anhörung.",
                "{n} Tausend Unterschriften für faire Preise.",
                "Zugang zuerst, Werbung später.",
            ],
            &[
                "Ohne Fortschritt keine besseren Sensoren.",
                "Das Glimbo-Pflaster senkt schwere Unterzuckerungen um {n} %.",
                "Ärzte sollen wählen, nicht ein Preisausschuss.",
                "Erst erstatten, dann sinkt der Preis von allein.",
            ],
        ],
        before: &["Hörenswert, {m}:", "Wie {m} schreibt:", "Frage an {m}.", "Hallo {m}!", "👍 {m}"],
        after: &["via {m}", "Danke, {m}!", "Was meinst du, {m}?", "cc {m}", "(mit {m})"],
        agree: &["genau so.", "bei uns auch.", "danke dafür!", "sehe ich ebenso.", "gut gesagt 👏"],
        ask: &["gibt es dazu eine Quelle?", "was kostet das?", "gilt das auch für Kinder?", "ab wann?"],
        object: &["das geben die Zahlen nicht her.", "leicht gesagt, wenn man es nicht zahlt.", "mit Verlaub: nein."],
        quote: &["Lesenswert.", "Wichtig 👇", "Darüber spricht sonst niemand.", "Zahlen zum Merken."],
        tags: &["Glimbo", "Insulin", "Diabetes", "Gesundheitspolitik", "Typ1"],
    },
};
