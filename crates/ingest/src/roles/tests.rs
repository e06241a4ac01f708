//! Tests of the matcher and of the built-in lexicon, on made-up accounts only.

use std::sync::LazyLock;

use super::*;

/// Read once: in an unoptimised build that takes longer than most tests.
static BUILT_IN: LazyLock<Lexicon> = LazyLock::new(Lexicon::built_in);

/// One line of `bios.tsv`.
struct Labelled<'a> {
    name: &'a str,
    bio: &'a str,
    role: &'a str,
    scale: &'a str,
    usage: &'a str,
}

fn labelled() -> Vec<Labelled<'static>> {
    include_str!("bios.tsv")
        .lines()
        .filter(|line| !line.starts_with("# "))
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 5, "five cells in {line:?}");
            Labelled { name: cells[0], bio: cells[1], role: cells[2], scale: cells[3], usage: cells[4] }
        })
        .collect()
}

/// Share of right answers on one axis; prints the others.
fn accuracy(axis: &str, lexicon: &Lexicon, answer: impl Fn(&Labelled<'_>, &Classified<'_>) -> (String, String)) -> f64 {
    let (mut right, mut asked) = (0_u32, 0_u32);
    for account in labelled() {
        let found = lexicon.classify(Some(account.name), Some(account.bio));
        let (got, wanted) = answer(&account, &found);
        if wanted == "?" {
            continue;
        }
        asked += 1;
        if got == wanted {
            right += 1;
        } else {
            println!("{axis}: got {got}, wanted {wanted}: {} / {} [{:?}]", account.name, account.bio, found.evidence);
        }
    }
    println!("{axis}: {right} of {asked}");
    f64::from(right) / f64::from(asked)
}

#[test]
fn most_made_up_accounts_are_classified_right() {
    let lexicon = &*BUILT_IN;
    let role = accuracy("role", lexicon, |account, found| (found.role.unwrap_or("-").to_owned(), account.role.to_owned()));
    let scale = accuracy("scale", lexicon, |account, found| {
        (found.scale.map_or("-", Scale::as_str).to_owned(), account.scale.to_owned())
    });
    let usage =
        accuracy("use", lexicon, |account, found| (found.usage.map_or("-", Use::as_str).to_owned(), account.usage.to_owned()));
    assert!(role >= 0.9 && scale >= 0.9 && usage >= 0.9, "role {role:.3}, scale {scale:.3}, use {usage:.3}");
}

fn role_of(bio: &str) -> Option<String> {
    BUILT_IN.classify(None, Some(bio)).role.map(str::to_owned)
}

fn small(text: &str) -> Lexicon {
    Lexicon::parse(text).unwrap()
}

#[test]
fn built_in_lexicon_has_every_role_of_the_documentation() {
    let lexicon = &*BUILT_IN;
    let mut names: Vec<&str> = lexicon.roles().collect();
    names.sort_unstable();
    let wanted = [
        "advocacy",
        "agency",
        "allied_health",
        "caregiver",
        "device",
        "executive",
        "government",
        "health_it",
        "hospital",
        "media",
        "nurse",
        "patient",
        "payer",
        "pharma",
        "pharmacist",
        "physician",
        "public",
        "researcher",
        "student",
    ];
    assert_eq!(names, wanted);
}

#[test]
fn nothing_gives_nothing() {
    let lexicon = &*BUILT_IN;
    for (name, bio) in
        [(None, None), (Some(""), Some("")), (None, Some("🌊🌊")), (Some("東京の医師"), Some("طبيب قلب في القاهرة"))]
    {
        assert_eq!(lexicon.classify(name, bio), Classified::default(), "{name:?} {bio:?}");
    }
}

#[test]
fn evidence_keeps_every_match_and_names_the_winner_first() {
    let lexicon = &*BUILT_IN;
    let found = lexicon.classify(Some("Ana M."), Some("Cardiologist | Professor | dad"));
    assert_eq!(found.evidence.as_deref(), Some("physician: cardiologist (bio); researcher: professor (bio)"));
    let found = lexicon.classify(Some("Jo, RN"), Some("nurse and PhD student"));
    assert_eq!(found.evidence.as_deref(), Some("nurse: RN (name), nurse (bio); student: PhD student (bio)"));
}

#[test]
fn blockers_take_their_text() {
    for bio in
        ["Doctor Who forever", "dr. who", "tree surgeon", "Baltimore, MD", "spin doctor", "not medical advice", "be patient"]
    {
        assert_eq!(role_of(bio), None, "{bio}");
    }
    let lexicon = small("[blockers]\nwords = ['doctor who']\n[[role]]\nname = 'a'\nwords = ['doctor', 'who cares']");
    assert_eq!(lexicon.classify(None, Some("doctor who cares")).role, None);
    assert_eq!(lexicon.classify(None, Some("doctor, who cares")).role, Some("a"));
}

#[test]
fn denials_and_relatives_are_dropped() {
    for bio in [
        "I'm not a doctor",
        "not a real nurse",
        "wife of a surgeon",
        "no soy médico",
        "kein Arzt",
        "pas médecin",
        "geen arts, wel moe",
    ] {
        assert_eq!(role_of(bio), None, "{bio}");
    }
}

#[test]
fn longest_match_wins() {
    let lexicon = small("[[role]]\nname = 'high'\nwords = ['medical']\n[[role]]\nname = 'low'\nwords = ['medical student']");
    assert_eq!(lexicon.classify(None, Some("medical student")).role, Some("low"));
    assert_eq!(lexicon.classify(None, Some("medical students")).role, Some("high"));
    assert_eq!(lexicon.classify(None, Some("medical | student")).role, Some("high"));
    assert_eq!(lexicon.classify(None, Some("biomedical")).role, None);
    assert_eq!(role_of("hospital pharmacist").as_deref(), Some("pharmacist"));
    assert_eq!(role_of("nurse practitioner").as_deref(), Some("nurse"));
}

#[test]
fn modifiers_make_students() {
    for bio in ["future nurse", "angehende Ärztin", "pharmacist in training", "Student midwife", "futur médecin", "MD candidate"]
    {
        assert_eq!(role_of(bio).as_deref(), Some("student"), "{bio}");
    }
}

#[test]
fn spelling_of_the_words_hardly_matters() {
    for bio in [
        "ÄRZTIN",
        "Aerztin",
        "Ärzt:in",
        "Ärzt*in",
        "Ärzt_in",
        "M.D.",
        "𝐒𝐮𝐫𝐠𝐞𝐨𝐧",
        "#Cardiologist",
        "#DoctorMom",
        "Médecin",
        "médico/a",
    ] {
        assert_eq!(role_of(bio).as_deref(), Some("physician"), "{bio}");
    }
    for bio in ["infirmier.e", "infirmière", "INFIRMIER·E·S", "enfermer@", "R.N.", "nurse-midwife"] {
        assert_eq!(role_of(bio).as_deref(), Some("nurse"), "{bio}");
    }
}

#[test]
fn capitals_and_places_of_short_titles() {
    assert_eq!(role_of("md"), None);
    assert_eq!(role_of("we DO crafts"), None);
    let lexicon = &*BUILT_IN;
    assert_eq!(lexicon.classify(Some("Jane Roe, DO"), None).role, Some("physician"));
    assert_eq!(lexicon.classify(Some("Jane Roe PT"), None).role, Some("allied_health"));
    assert_eq!(role_of("Jane Roe, PT DPT").as_deref(), Some("allied_health"));
    assert_eq!(role_of("@surgeon https://surgeon.example/nurse"), None);
}

#[test]
fn stars_leave_ends_open() {
    let lexicon = small("[[role]]\nname = 'a'\nwords = ['*klinik', 'cardio*']");
    assert_eq!(lexicon.classify(None, Some("Augenklinik")).evidence.as_deref(), Some("a: augenklinik (bio)"));
    assert_eq!(lexicon.classify(None, Some("die Klinik")).role, None);
    assert_eq!(lexicon.classify(None, Some("Cardiología")).evidence.as_deref(), Some("a: cardiologia (bio)"));
}

#[test]
fn places_and_least_of_a_table() {
    let lexicon = small(
        "[[role]]\nname = 'n'\nwords = ['lake']\nwhere = 'name'\n[[role]]\nname = 'b'\nwords = ['hill']\nwhere = 'bio'\n\
         [[role]]\nname = 'o'\nwords = ['wood']\nwhere = 'alone'\n[[role]]\nname = 'two'\nwords = ['tea', 'milk']\nleast = 2",
    );
    let role = |name, bio| lexicon.classify(Some(name), Some(bio)).role;
    assert_eq!([role("lake", ""), role("", "lake")], [Some("n"), None]);
    assert_eq!([role("hill", ""), role("", "hill")], [None, Some("b")]);
    assert_eq!([role("", "sky | wood, sea"), role("", "the wood")], [Some("o"), None]);
    assert_eq!([role("", "tea, tea"), role("", "tea, milk")], [None, Some("two")]);
}

#[test]
fn a_lexicon_can_be_replaced() {
    let lexicon = small("[[role]]\nname = 'врач'\nwords = ['кардиолог']\nscale = 'individual'\nuse = 'professional'");
    let found = lexicon.classify(None, Some("Кардиолог, Томск"));
    assert_eq!(found.role, Some("врач"));
    assert_eq!((found.scale, found.usage), (Some(Scale::Individual), Some(Use::Professional)));
    assert_eq!(lexicon.classify(None, Some("cardiologist")), Classified::default());
}

#[test]
fn errors_say_what_to_do() {
    let check = |text: &str, wanted: &str| {
        let got = Lexicon::parse(text).unwrap_err().to_string();
        assert!(got.contains(wanted), "got {got:?}, wanted {wanted:?}");
    };
    check("", "add at least one [[role]] table");
    check("[[role]]\nname = 'a'\nwords = [", "line 3");
    check("[[role]]\nname = 'a'\nwort = ['b']", "unknown field `wort`");
    check("[[role]]\nname = ' '", "table number 1");
    check("[[role]]\nname = 'a'\nwords = ['b', ' - ']", "has an empty word \" - \"");
    check(&format!("[[role]]\nname = 'a'\nwords = ['{}']", "b".repeat(300)), "has a word of 300 bytes: at most 256");
    check("[[role]]\nname = 'a'\nwords = ['b*c']", "only at the beginning or the end");
    check("[[role]]\nname = 'a'\nwords = ['b']\nleast = 0", "write 1 or more");
    check("[[role]]\nname = 'a'\nwords = ['Médica']\n[[role]]\nname = 'b'\nwords = ['medica']", "role \"a\" and in role \"b\"");
    check("[blockers]\nwords = ['x']\n[[role]]\nname = 'a'\nwords = ['x']", "role \"a\" and in [blockers]");
    check("[[role]]\nname = 'a'\n[[modifier]]\nplace = 'before'\nbecomes = 'b'\nwords = ['x']", "names the role \"b\"");
}

#[test]
fn any_text_is_taken() {
    let lexicon = &*BUILT_IN;
    let pieces = [
        "nurse",
        " ",
        "#",
        "@",
        ".",
        "MD",
        "é",
        "\u{301}",
        "\u{200d}",
        "👩\u{200d}⚕\u{fe0f}",
        "İ",
        "ß",
        "ﷺ",
        "\0",
        "\n",
        "医",
        "ǅ",
        "*in",
        "http://",
        "_",
        "not a",
        "Ⅷ",
        "½",
        "·",
        "e",
    ];
    // A fixed linear congruential generator; no seed from outside.
    let mut state = 1_u64;
    for _ in 0..3000 {
        let mut text = String::new();
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        let found = lexicon.classify(Some(&text), Some(&text));
        assert_eq!(found, lexicon.classify(Some(&text), Some(&text)));
        assert!(found.role.is_none() || found.evidence.is_some(), "{text:?}");
    }
    for code in (0..=0x0010_ffff).filter_map(char::from_u32).step_by(61) {
        lexicon.classify(Some(&code.to_string()), Some(&format!("a{code}b {code}")));
    }
}

#[test]
fn long_text_stays_fast() {
    let lexicon = &*BUILT_IN;
    let found = lexicon.classify(None, Some(&"nurse not a doctor who, MD ".repeat(20_000)));
    assert_eq!(found.role, Some("physician"));
    // One word in which another is found again and again, each time with its ends far away.
    let found = small("[[role]]\nname = 'a'\nwords = ['*x*']");
    assert_eq!(found.classify(None, Some(&"x".repeat(200_000))).role, Some("a"));
}

#[test]
fn can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Lexicon>();
}

#[test]
fn a_table_for_those_in_whom_nothing_is_found() {
    let lexicon = small(
        "[[role]]\nname = 'nurse'\nwords = ['nurse']\n[[role]]\nname = 'public'\nscale = 'individual'\nuse = 'personal'\nleast = 3\n\
         otherwise = 'no word of health'\nunless = ['clinic*']\n[blockers]\nwords = ['doctor who']\n[[modifier]]\nplace = 'before'\n\
         words = ['not a']\n[scale.organisation]\nsure = ['order online']\n[use.professional]\nhints = ['carpenter']",
    );
    let found = lexicon.classify(None, Some("boats, rain and tea"));
    assert_eq!((found.role, found.evidence.as_deref()), (Some("public"), Some("public: no word of health")));
    assert_eq!((found.scale, found.usage), (Some(Scale::Individual), Some(Use::Personal)));
    assert_eq!(lexicon.classify(None, Some("carpenter, boats, rain")).usage, Some(Use::Professional));
    let role = |name, bio| lexicon.classify(Some(name), Some(bio)).role;
    assert_eq!(role("", "boats and nurse"), Some("nurse"));
    assert_eq!(
        [role("", "boats, rain"), role("boats, rain, tea", ""), role("", "船 と 雨 と 茶")],
        [None; 3],
        "too little is said"
    );
    assert_eq!(role("", "the doctor who sails"), None, "what is blocked does not count");
    assert_eq!([role("", "not a nurse, sails"), role("", "not a nurse, but sails boats")], [None, Some("public")]);
    assert_eq!([role("", "clinical boats and tea"), role("Clinic", "boats, rain and tea")], [None; 2]);
    assert_eq!(role("", "boats and tea, order online"), None, "an organisation");
}

#[test]
fn relatives_of_the_ill_are_caregivers() {
    for bio in [
        "mum of a cancer survivor",
        "Dad to a T1D warrior",
        "maman d'un DT1",
        "Vater einer Diabetikerin",
        "mi hija tiene diabetes",
    ] {
        assert_eq!(role_of(bio).as_deref(), Some("caregiver"), "{bio}");
    }
}

#[test]
fn onlookers_who_play_with_the_words() {
    for bio in [
        "Not a doctor. I just play one on stage. Cyclist and banjo player",
        "nursing a coffee, writing code, walking the dog",
        "Doctor Who, model trains and far too many cats",
        "ni médecin ni expert, juste curieux",
        "keine Ärztin, nur Mutter mit Katzen und Garten",
    ] {
        assert_eq!(role_of(bio).as_deref(), Some("public"), "{bio}");
    }
}

#[test]
fn those_who_want_to_become_one_are_students() {
    for bio in
        ["studying to become a nurse", "quiero ser médico", "je veux devenir médecin", "will Ärztin werden", "Student*in Medizin"]
    {
        assert_eq!(role_of(bio).as_deref(), Some("student"), "{bio}");
    }
}

#[test]
fn those_who_were_one_still_are() {
    for (bio, role) in [
        ("retired GP", "physician"),
        ("ex-nurse turned baker", "nurse"),
        ("exenfermera", "nurse"),
        ("ehemalige Hebamme", "nurse"),
    ] {
        assert_eq!(role_of(bio).as_deref(), Some(role), "{bio}");
    }
}
