//! Dutch profiles and posts.

use super::{Syllables, Talk, Words};
use crate::groups::{Community, Role};

pub(crate) static WORDS: Words = Words {
    code: "nl",
    countries: &["NL", "NL", "NL", "BE"],
    first: Syllables {
        starts: &["Bart", "Dieu", "Els", "Fem", "Geer", "Hil", "Joos", "Lot", "Maar", "Wil"],
        ends: &["wijn", "lotte", "mieke", "brecht", "tine", "harda", "lof"],
    },
    last: Syllables {
        starts: &["van Broek", "de Kwart", "van Zwaluw", "Heide", "ter Molen", "Kiek", "de Vlier", "Rooz"],
        ends: &["laar", "veldt", "hoef", "zand", "stein", "weer"],
    },
    place: Syllables { starts: &["Oostru", "Zwaanel", "Kolkum", "Lindra", "Meeru"], ends: &["veen", "kerke", "dijk", "horst"] },
    roles: &[
        (Role::Patient, &["Diabetes type 1 sinds {n} jaar", "Patiënt, sensor op de arm", "Leef met diabetes"]),
        (Role::Physician, &["Huisarts", "Internist-endocrinoloog", "Kinderarts", "Arts in opleiding"]),
        (Role::Nurse, &["Verpleegkundige", "Diabetesverpleegkundige", "Wijkverpleegkundige"]),
        (Role::Pharmacist, &["Apotheker", "Ziekenhuisapotheker"]),
        (Role::AlliedHealth, &["Diëtist", "Fysiotherapeut", "Tandarts"]),
        (Role::Researcher, &["Onderzoeker stofwisseling", "Hoogleraar epidemiologie", "Promovendus, sensoren"]),
        (Role::Student, &["Student geneeskunde", "Geneeskundestudent, jaar {y}"]),
        (Role::Payer, &["Zorgverzekeraar, inkoop hulpmiddelen"]),
        (Role::HealthIt, &["Zorg-ICT, koppelingen", "E-health ontwikkelaar"]),
        (Role::Media, &["Zorgjournalist", "Medisch redacteur"]),
        (Role::Public, &["Lees alleen mee", "Nieuwsgierig", "Gepensioneerd, veel vragen"]),
    ],
    organisations: &[
        (
            Role::Hospital,
            &[("Ziekenhuis {P}", "Officieel account van Ziekenhuis {P}."), ("{P} Ziekenhuisgroep", "Streekziekenhuis.")],
        ),
        (Role::Payer, &[("Zorgverzekeraar {P}", "Zorgverzekering voor iedereen. Webcare 8-20 uur.")]),
        (Role::HealthIt, &[("{P} Zorg-ICT", "Software voor de huisarts. E-health.")]),
        (Role::Media, &[("Zorgkrant {P}", "Nieuws over zorg en prijzen.")]),
        (Role::Researcher, &[("{P} Instituut voor Stofwisseling", "Onderzoek naar diabetes.")]),
        (Role::Pharmacist, &[("Apotheek {P}", "Uw apotheek om de hoek.")]),
    ],
    jokes: &[(Role::Patient, "Alvleesklier met pensioen. Type 1, wel taart")],
    at: "in",
    interests: &["glucosesensoren", "preventie", "zorgkosten", "leefstijl", "privacy"],
    hobbies: &["fietsen", "schaatsen", "moestuin", "koffie", "koorzanger"],
    disclaimers: &["Op persoonlijke titel.", "Geen medisch advies.", ""],
    mysteries: &["gewoon doen", "regen en fietsen", "🌷", "Soms wel, soms niet"],
    talk: &Talk {
        everyday: &[(
            Community::Dutch,
            &[
                "De Glimbo-pleister bleef {n} dagen zitten.",
                "Spreekuur vol, {n} patiënten en één fax.",
                "Vandaag {n} % binnen bereik, taart!",
                "Vergoeding van de sensor: brief nummer {n}.",
                "Nascholing over sensoren, nog {n} plekken.",
                "Nachtdienst, veel alarmen, weinig koffie.",
                "Nieuwe cijfers: minder hypo's in elke groep.",
            ],
        )],
        camps: [
            &[
                "Een sensor die niemand kan betalen meet niets.",
                "Eerlijke prijs voor insuline, nu.",
                "Eerst toegang, dan reclame.",
            ],
            &[
                "Zonder vooruitgang geen betere sensor.",
                "De Glimbo-pleister geeft {n} % minder zware hypo's.",
                "Laat de arts kiezen, niet de prijscommissie.",
            ],
        ],
        before: &["Luistertip, {m}:", "Eens met {m}.", "Vraag voor {m}.", "Hoi {m}!", "👏 {m}"],
        after: &["via {m}", "Dank {m}!", "Wat vind jij, {m}?", "cc {m}"],
        agree: &["precies.", "hier ook.", "dank voor het delen!", "goed gezegd 👏"],
        ask: &["heb je een bron?", "wat kost dat?", "ook voor kinderen?"],
        object: &["dat zeggen de cijfers niet.", "makkelijk praten als je niet betaalt."],
        quote: &["Lezen.", "Belangrijk 👇", "Hier hoor je niemand over."],
        tags: &["Glimbo", "insuline", "diabetes", "zorgkosten"],
    },
};
