//! Spanish profiles and posts.

use super::{Syllables, Talk, Words};
use crate::groups::{Community, Role};

pub(crate) static WORDS: Words = Words {
    code: "es",
    countries: &["ES", "ES", "MX", "MX", "AR", "CO", "CL", "US"],
    first: Syllables {
        starts: &["Alu", "Bel", "Ceri", "Dori", "Eli", "Fabri", "Gale", "Isi", "Jaci", "Lor", "Mari", "Nere", "Oli", "Pila"],
        ends: &["mara", "sio", "nda", "rena", "lmo", "quina", "ñado", "vela", "dora", "nte"],
    },
    last: Syllables {
        starts: &["Quem", "Altam", "Berr", "Caldu", "Ferri", "Zarz", "Olm", "Peñal", "Roble", "Torqu", "Vall", "Ibar"],
        ends: &["aluz", "ejón", "ondo", "ariel", "uelga", "edano", "izmar", "ochea"],
    },
    place: Syllables {
        starts: &["Caldo", "Montru", "Villor", "Sierrab", "Olmi", "Puertaz", "Riondo", "Valdu"],
        ends: &["quemar", "breluz", "quemo", "robla", "trigo", "nieve"],
    },
    roles: &[
        (
            Role::Patient,
            &[
                "Diabética tipo 1 desde los {n}",
                "Paciente con diabetes tipo 1",
                "Vivo con diabetes desde hace {n} años",
                "Diabético, sensor y buen humor",
            ],
        ),
        (Role::Caregiver, &["Mamá de un niño con diabetes", "Papá de una peque con DT1", "Cuidadora de mi madre"]),
        (Role::Physician, &["Médica de familia", "Endocrinólogo", "Médico internista", "Doctora, endocrinología", "Pediatra"]),
        (Role::Nurse, &["Enfermera", "Enfermero educador en diabetes", "Enfermera de UCI"]),
        (Role::Pharmacist, &["Farmacéutica comunitaria", "Farmacéutico hospitalario", "Farmacéutica"]),
        (Role::AlliedHealth, &["Nutricionista", "Podóloga", "Fisioterapeuta", "Dentista"]),
        (Role::Researcher, &["Investigadora en metabolismo", "Profesor de epidemiología", "Doctoranda, salud pública"]),
        (Role::Student, &["Estudiante de medicina", "Estudiante de enfermería"]),
        (Role::Media, &["Periodista de salud", "Redactora, ciencia y salud"]),
        (Role::Government, &["Asesor de salud pública", "Funcionaria, ministerio de sanidad"]),
        (Role::Advocacy, &["Defensora de pacientes", "Activista por la insulina"]),
        (Role::Public, &["Curioso de la salud", "Solo leo", "Jubilada y preguntona"]),
    ],
    organisations: &[
        (
            Role::Hospital,
            &[
                ("Hospital General de {P}", "Cuenta oficial del Hospital General de {P}."),
                ("Clínica {P}", "Clínica de diabetes y tiroides. Citas por teléfono."),
            ],
        ),
        (
            Role::Media,
            &[("Salud {P}", "Noticias de salud, precios y política."), ("Diario de {P}", "Periódico. Sección de salud.")],
        ),
        (
            Role::Advocacy,
            &[
                ("Asociación de Diabetes de {P}", "Asociación de personas con diabetes. Sin ánimo de lucro."),
                ("Insulina para {P}", "Nadie debe racionar la insulina."),
            ],
        ),
        (Role::Government, &[("Secretaría de Salud de {P}", "Cuenta oficial. Salud pública, vacunas, avisos.")]),
        (Role::Researcher, &[("Instituto de Metabolismo de {P}", "Centro de investigación.")]),
        (Role::Pharmacist, &[("Farmacia {P}", "Tu farmacia de barrio. Pregunta a tu farmacéutico.")]),
    ],
    jokes: &[(Role::Patient, "Mi páncreas está de vacaciones desde 19{d}. DT1"), (Role::Nurse, "Enfermera. Café, turno, café")],
    at: "en",
    interests: &["acceso a la insulina", "sensores", "educación en diabetes", "salud pública", "nutrición", "prevención"],
    hobbies: &["corro despacio", "mate amargo", "lectora", "dos gatos", "bicicleta", "cocina casera"],
    disclaimers: &["Opiniones personales.", "No es consejo médico.", "", ""],
    mysteries: &["Vivir y dejar vivir", "café y lluvia ☕", "aquí, leyendo", "A ratos", "🌵"],
    talk: &Talk {
        everyday: &[(
            Community::Spanish,
            &[
                "Hoy {n} de glucosa en ayunas y sin café todavía.",
                "El parche Glimbo aguantó {n} días de playa.",
                "Taller de conteo de carbohidratos, quedan {n} plazas.",
                "La farmacia sin insulina rápida otra vez.",
                "Revisen los pies, siempre los pies.",
                "Nuevo estudio: {n} % menos bajadas nocturnas.",
                "Mi hijo se cambió el sensor él solo por primera vez 💪",
                "¿Alguien sabe si el seguro cubre el parche?",
                "Guardia de {n} horas y sigo de pie.",
                "El lunes charla abierta sobre diabetes en el centro de salud.",
            ],
        )],
        camps: [
            &[
                "Un sensor que nadie puede pagar no mide nada.",
                "Precio justo para la insulina, ya.",
                "{n} mil firmas por un vial a precio justo.",
                "Primero acceso, después propaganda.",
                "El parche subió {n} % y el sueldo no.",
            ],
            &[
                "Con topes de precio no habrá mejores sensores.",
                "El parche Glimbo redujo las bajadas graves un {n} %.",
                "Que elija el médico, no un comité de precios.",
                "Cada retraso cuesta ingresos evitables.",
            ],
        ],
        before: &["Escuchando a {m}:", "De acuerdo con {m}.", "Pregunta para {m}.", "¡Hola {m}!", "👏 {m}"],
        after: &["vía {m}", "¡Gracias {m}!", "¿Qué opinas, {m}?", "cc {m}", "(con {m})"],
        agree: &["tal cual.", "gracias por decirlo.", "aquí igual, cada semana.", "muy cierto 💙", "de acuerdo."],
        ask: &["¿tienes la fuente?", "¿cuánto cuesta?", "¿es para niños también?", "¿a quién escribo?"],
        object: &["los datos no dicen eso.", "fácil decirlo si no lo pagas.", "con respeto, no."],
        quote: &["Para leer dos veces.", "Importante 👇", "De esto nadie habla.", "Por fin alguien lo dice."],
        tags: &["Glimbo", "insulina", "diabetes", "PrecioJusto", "DT1"],
    },
};
