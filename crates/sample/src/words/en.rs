//! English profiles.

use super::{Syllables, Words};
use crate::groups::Role;

pub(crate) static WORDS: Words = Words {
    code: "en",
    countries: &["US", "US", "US", "GB", "GB", "CA", "AU", "IE"],
    first: Syllables {
        starts: &[
            "Bel", "Cor", "Dra", "Elo", "Fen", "Gly", "Hes", "Ist", "Jor", "Kel", "Lum", "Mav", "Ned", "Oli", "Pru", "Quil",
            "Ros", "Sab", "Tal", "Una", "Ver", "Wyn", "Yar", "Zel",
        ],
        ends: &["wyn", "ric", "itha", "ora", "ven", "lise", "mond", "essa", "ton", "bria", "lo", "neth"],
    },
    last: Syllables {
        starts: &[
            "Thistle", "Bram", "Otter", "Quill", "Marrow", "Fenni", "Haw", "Pebble", "Sorrel", "Tarn", "Umber", "Vetch", "Wick",
            "Yarrow", "Zeph", "Crumb", "Dapple", "Ember", "Flax", "Gorse",
        ],
        ends: &["mere", "quill", "strand", "fold", "by", "combe", "low", "garth", "wicke", "shaw", "top", "den"],
    },
    place: Syllables {
        starts: &[
            "Velt", "Orrin", "Caldrin", "Mossa", "Tamber", "Harrin", "Quen", "Brindle", "Sorbel", "Wexa", "Dorrin", "Plover",
        ],
        ends: &["moor", "bay", "haven", "bridge", "field", "mouth", "stead", "cross"],
    },
    roles: &[
        (
            Role::Patient,
            &[
                "Living with type 1 diabetes since age {n}",
                "T1D for {n} years",
                "Type 2 diabetic, insulin user",
                "Patient, sensor wearer, carb counter",
                "Diagnosed with diabetes at {n}",
                "#T1D and tired",
            ],
        ),
        (
            Role::Caregiver,
            &[
                "Mum of a T1D kid",
                "Dad to a type 1 warrior",
                "Caregiver to my husband with diabetes",
                "Family carer",
                "Parent of a child with type 1, up at 3 am",
            ],
        ),
        (
            Role::Physician,
            &[
                "Endocrinologist",
                "Family physician",
                "General practitioner",
                "Consultant physician, diabetes & internal medicine",
                "Paediatric endocrinologist",
                "MD, internal medicine",
                "Doctor in a small-town clinic",
                "GP partner",
            ],
        ),
        (
            Role::Nurse,
            &["Registered nurse", "Diabetes specialist nurse", "RN, BSN", "Nurse practitioner", "ICU nurse", "School nurse"],
        ),
        (
            Role::Pharmacist,
            &[
                "Community pharmacist",
                "Hospital pharmacist",
                "PharmD",
                "Pharmacist & independent prescriber",
                "Clinical pharmacist in primary care",
            ],
        ),
        (
            Role::AlliedHealth,
            &[
                "Dietitian",
                "Registered dietitian, RDN",
                "Podiatrist",
                "Physiotherapist",
                "Dentist",
                "Occupational therapist",
                "Clinical psychologist",
            ],
        ),
        (
            Role::Researcher,
            &[
                "Professor of epidemiology",
                "Postdoc, glucose biology",
                "Health economist",
                "PhD, biosensors",
                "Clinical researcher",
                "Biostatistician",
                "Scientist studying beta cells",
            ],
        ),
        (
            Role::Student,
            &["Med student", "Medical student, year {y}", "Nursing student", "PharmD candidate", "Pre-med", "MD/PhD student"],
        ),
        (Role::Hospital, &["Spokesperson of a general hospital", "Hospital communications team"]),
        (
            Role::Executive,
            &[
                "CEO of a digital health start-up",
                "Chief medical officer",
                "Founder & CEO",
                "Hospital CFO",
                "VP market access",
                "Board member, health care investor",
                "COO",
            ],
        ),
        (
            Role::Payer,
            &["Works in health insurance, formulary team", "Actuary at a health plan", "Managed care, drug coverage policy"],
        ),
        (
            Role::Pharma,
            &[
                "Medical science liaison",
                "Pharma market access",
                "Drug development at a pharmaceutical company",
                "Pharma regulatory affairs",
                "Brand manager, insulin portfolio, pharma",
            ],
        ),
        (
            Role::Device,
            &[
                "Medical device engineer",
                "Sensor hardware, medtech",
                "Medtech regulatory lead",
                "Biomedical engineer building CGM patches",
            ],
        ),
        (
            Role::HealthIt,
            &[
                "Health IT architect",
                "Clinical informatics",
                "EHR integrator, FHIR all day",
                "Digital health product manager",
                "Health data engineer",
                "mHealth app developer",
            ],
        ),
        (
            Role::Agency,
            &[
                "Healthcare marketing strategist",
                "PR consultant for life science brands",
                "Social media lead at a health communications agency",
                "Copywriter, pharma marketing",
            ],
        ),
        (
            Role::Media,
            &[
                "Health reporter",
                "Journalist covering drug prices",
                "Medical editor",
                "Podcast host: the health desk",
                "Science writer",
                "Freelance health journalist",
            ],
        ),
        (
            Role::Government,
            &[
                "Public health officer",
                "Policy adviser, department of health",
                "State senator, health committee",
                "Civil servant, medicines regulation",
            ],
        ),
        (
            Role::Advocacy,
            &[
                "Patient advocate",
                "Insulin access campaigner",
                "Volunteer, diabetes charity",
                "Activist for affordable medicines",
            ],
        ),
        (
            Role::Public,
            &[
                "Curious about health and gadgets",
                "Just here to read",
                "Not a doctor, just curious",
                "Retired maths teacher",
                "Taxpayer with opinions",
                "Interested bystander",
                "Son of a nurse, bus driver",
            ],
        ),
    ],
    organisations: &[
        (
            Role::Researcher,
            &[
                ("{P} Institute for Metabolic Research", "Independent research institute. Studies, data, seminars."),
                ("{P} University Diabetes Lab", "University research group on glucose sensing. Posts by lab members."),
            ],
        ),
        (Role::Pharmacist, &[("{P} Street Pharmacy", "Your neighbourhood pharmacy. Open till 8. Ask the pharmacist.")]),
        (
            Role::Hospital,
            &[
                ("{P} General Hospital", "Official account of {P} General Hospital. Not monitored round the clock."),
                ("{P} Children's Hospital", "Caring for children in {P} and beyond 🏥"),
                ("{P} Medical Center", "Academic medical center | {n} wards | patient care, teaching, research"),
                ("{P} Diabetes Clinic", "Outpatient clinic for diabetes and thyroid. Appointments by phone."),
            ],
        ),
        (
            Role::Payer,
            &[
                ("{P} Mutual Health Plan", "Health insurance for {n} counties. Member service 8-18 h."),
                ("{P} Sick Fund", "Statutory health insurer. News for members."),
                ("{P}Care Benefits", "Pharmacy benefit manager. Formularies, coverage, savings."),
            ],
        ),
        (
            Role::Pharma,
            &[
                ("{P} Biopharma", "Pharmaceutical company. Insulins and more. Report side effects to your doctor."),
                ("{P} Therapeutics", "Drug discovery for metabolic disease. Clinical-stage."),
                ("{P} Pharma Medical Affairs", "Medical information for health professionals. Pharma company account."),
            ],
        ),
        (
            Role::Device,
            &[
                ("{P} Medical Devices", "Medical device maker. Pumps, pens, patches."),
                ("{P} Sensorworks", "Medtech. We build glucose sensors that talk."),
                ("{P} Pump Company", "Insulin pumps since 19{d}. Support by direct message."),
            ],
        ),
        (
            Role::HealthIt,
            &[
                ("{P} Health Systems", "Health IT: records that travel with the patient. FHIR native."),
                ("{P} Data Clinic", "Digital health analytics for care teams."),
                ("{P} Telehealth", "Telemedicine platform for rural clinics 💻"),
            ],
        ),
        (
            Role::Agency,
            &[
                ("{P} & Partners Health", "Healthcare marketing agency. Launches, events, creators."),
                ("{P} Health Communications", "PR and social media for life science brands."),
                ("{P} Creative Pulse", "Full-service agency for pharma and medtech 🚀 campaigns that move"),
            ],
        ),
        (
            Role::Media,
            &[
                ("{P} Health Wire", "News on medicine, prices and policy. Tips by mail."),
                ("The {P} Courier", "Daily newspaper. Health desk posts at noon."),
                ("{P} Medical Journal", "Peer-reviewed journal. New issue monthly."),
                ("{P} Health Hour", "Radio show and podcast on how care works."),
            ],
        ),
        (
            Role::Government,
            &[
                ("{P} Department of Health", "Official account of the state department of health."),
                ("{P} Medicines Agency", "Regulator of medicines and devices. Safety alerts."),
                ("{P} Public Health", "City public health office. Vaccines, clinics, advice."),
            ],
        ),
        (
            Role::Advocacy,
            &[
                ("{P} Diabetes Association", "Charity for people with diabetes. Helpline, camps, voice."),
                ("Insulin for {P}", "Grassroots group. Nobody should ration insulin."),
                ("{P} Patient Alliance", "Non-profit. Patient voices in every room."),
            ],
        ),
    ],
    jokes: &[
        (Role::Patient, "Professional pancreas impersonator. T1D, {n} yrs, snacks for medicinal purposes"),
        (Role::Patient, "My pancreas quit in 19{d} and never gave notice. Diabetic dad jokes"),
        (Role::Caregiver, "Human alarm clock for a small type 1 diabetic. Mum, night shift"),
        (Role::Physician, "Doctor. Handwriting certified illegible in {n} states"),
        (Role::Physician, "I treat numbers that come with people attached. Endocrinologist, lapsed"),
        (Role::Nurse, "Nurse. Powered by cold coffee and warm sarcasm"),
        (Role::Pharmacist, "Legal drug dealer (pharmacist). No, it is not just counting to {n}"),
        (Role::HealthIt, "I make the fax machine talk to the cloud. Health IT, send help"),
        (Role::Researcher, "PhD in asking mice nicely. Metabolism, mostly my own"),
        (Role::Student, "Med student. I know everything until the exam"),
        (Role::Media, "Health reporter. I read the footnotes so you can read the headline"),
        (Role::Public, "Googled it once. Basically an expert (not really)"),
    ],
    at: "at",
    interests: &[
        "insulin access",
        "glucose sensors",
        "patient safety",
        "health equity",
        "evidence, not hype",
        "time in range",
        "rural health",
        "value-based care",
        "clinical trials",
        "digital health",
        "better sleep",
        "prevention",
    ],
    hobbies: &[
        "runner",
        "cat person",
        "bad at chess",
        "sourdough",
        "allotment gardener",
        "choir alto",
        "dog walks",
        "cyclist",
        "vinyl collector",
        "board games",
        "sea swimmer",
        "coffee first",
    ],
    disclaimers: &[
        "Views my own.",
        "Posts are not medical advice.",
        "Opinions mine.",
        "Repost is not endorsement.",
        "Tweets = own views",
        "",
        "",
    ],
    mysteries: &[
        "she/her. trains, rain, tea",
        "he/him | somewhere between two naps",
        "🌻🌻🌻",
        "coffee. quiet. repeat",
        "I contain multitudes and crisps",
        "Be kind.",
        "est. 19{d}",
        "Amateur of everything",
        "views from the cheap seats",
        "…",
        "dogs > people",
        "Living in {P}, dreaming of the sea",
    ],
    talk: &super::en_talk::TALK,
};
