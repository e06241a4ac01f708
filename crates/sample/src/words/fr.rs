//! French profiles and posts.

use super::{Syllables, Talk, Words};
use crate::groups::{Community, Role};

pub(crate) static WORDS: Words = Words {
    code: "fr",
    countries: &["FR", "FR", "FR", "BE", "CA", "CH"],
    first: Syllables {
        starts: &["Amé", "Béri", "Clo", "Dori", "Élo", "Fanti", "Guille", "Hono", "Isau", "Lié", "Mélu", "Océ"],
        ends: &["line", "rand", "vane", "sande", "mine", "vert", "celle", "thon"],
    },
    last: Syllables {
        starts: &["Bris", "Chante", "Dau", "Fontre", "Gar", "Lam", "Mor", "Pré", "Rouve", "Saul", "Vau", "Tille"],
        ends: &["quemard", "pierrel", "villoux", "bruyeau", "gnerel", "sonnault", "loriette"],
    },
    place: Syllables {
        starts: &["Saint-Or", "Belle", "Mont", "Clair", "Roche", "Val"],
        ends: &["vane", "quemin", "briel", "loupin", "mésange"],
    },
    roles: &[
        (
            Role::Patient,
            &["Diabétique de type 1 depuis {n} ans", "Patiente, DT1", "Je vis avec un diabète", "Patient et patient"],
        ),
        (Role::Caregiver, &["Maman d'un enfant diabétique", "Aidante familiale", "Papa d'une DT1"]),
        (Role::Physician, &["Médecin généraliste", "Endocrinologue", "Médecin, diabétologie", "Pédiatre en ville"]),
        (Role::Nurse, &["Infirmière libérale", "Infirmier", "Infirmière, éducation thérapeutique"]),
        (Role::Pharmacist, &["Pharmacienne d'officine", "Pharmacien hospitalier"]),
        (Role::AlliedHealth, &["Diététicienne", "Kinésithérapeute", "Podologue"]),
        (Role::Researcher, &["Chercheuse en métabolisme", "Professeur de santé publique", "Doctorante, économie de la santé"]),
        (Role::Student, &["Étudiante en médecine", "Étudiant infirmier", "Externe en médecine"]),
        (Role::Media, &["Journaliste santé", "Rédactrice, sciences et santé"]),
        (Role::Advocacy, &["Militante pour l'accès aux soins", "Bénévole, association de patients"]),
        (Role::Public, &["Simple curieux", "Je lis, c'est tout", "Retraitée bavarde"]),
    ],
    organisations: &[
        (
            Role::Hospital,
            &[
                ("Hôpital de {P}", "Compte officiel de l'hôpital de {P}."),
                ("Centre hospitalier {P}", "Centre hospitalier universitaire. Soins, enseignement."),
            ],
        ),
        (Role::Media, &[("Santé {P}", "Le quotidien de la santé à {P}."), ("Le Carnet de {P}", "Journal. Rubrique santé.")]),
        (
            Role::Advocacy,
            &[
                ("Association Diabète {P}", "Association de patients, loi 1901."),
                ("Insuline pour {P}", "Collectif pour un prix juste."),
            ],
        ),
        (Role::Researcher, &[("Institut du métabolisme {P}", "Recherche publique sur le diabète.")]),
        (Role::Pharmacist, &[("Pharmacie de {P}", "Votre pharmacie de quartier.")]),
    ],
    jokes: &[
        (Role::Patient, "Pancréas en grève depuis 19{d}. DT1, évidemment"),
        (Role::Physician, "Médecin généraliste, ordonnances presque lisibles"),
    ],
    at: "à",
    interests: &["accès aux soins", "capteurs de glycémie", "prévention", "nutrition", "télémédecine", "éthique"],
    hobbies: &["vélo", "chocolat noir", "chorale", "randonnée", "un chat, deux chats", "lectrice"],
    disclaimers: &["Propos personnels.", "Pas un avis médical.", "Mes tweets n'engagent que moi.", "", ""],
    mysteries: &["On verra bien", "thé, pluie, silence", "🥐", "Ici et ailleurs", "vue sur les toits"],
    talk: &Talk {
        everyday: &[(
            Community::French,
            &[
                "Le patch Glimbo a tenu {n} jours, un record.",
                "Consultation complète, {n} patients et un café froid.",
                "Atelier nutrition jeudi, il reste {n} places.",
                "Nuit calme, courbe plate, moral au beau fixe.",
                "La pharmacie attend encore la livraison d'insuline.",
                "{n} % dans la cible cette semaine !",
                "Garde de {n} heures, on tient.",
                "Le remboursement du capteur, épisode {n}.",
            ],
        )],
        camps: [
            &[
                "Un capteur hors de prix ne mesure rien.",
                "Un prix juste pour l'insuline, maintenant.",
                "{n} mille signatures pour un flacon abordable.",
                "L'accès d'abord, la publicité ensuite.",
            ],
            &[
                "Plafonner les prix, c'est renoncer aux progrès.",
                "Le patch Glimbo réduit les hypos sévères de {n} %.",
                "Au médecin de choisir, pas au comité des prix.",
            ],
        ],
        before: &["À écouter, {m} :", "D'accord avec {m}.", "Question pour {m}.", "Bonjour {m} !", "👏 {m}"],
        after: &["via {m}", "Merci {m} !", "Qu'en pensez-vous, {m} ?", "cc {m}", "(avec {m})"],
        agree: &["tout à fait.", "pareil ici.", "merci de le dire !", "bien vu 💙", "c'est exactement ça."],
        ask: &["avez-vous la source ?", "combien ça coûte ?", "et pour les enfants ?", "à partir de quand ?"],
        object: &["les chiffres disent autre chose.", "facile à dire quand on ne paie pas.", "respectueusement, non."],
        quote: &["À lire.", "Important 👇", "Personne n'en parle.", "Des chiffres à retenir."],
        tags: &["Glimbo", "insuline", "diabète", "PrixJuste", "santé"],
    },
};
