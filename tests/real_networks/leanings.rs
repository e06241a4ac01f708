//! Leaning against neighbours' leaning in replies about gun control, beside numbers that Python's `statistics` gives: `correlation`, `linear_regression` and the textbook's standard error of the slope, from
//! the files as they are (mean of the known leanings of whom an account replies to, once and by weight).

use crate::run;
use crate::support::{Findings, Sandbox, real_data};

/// The 97.5 % point of the normal distribution.
const NORMAL: f64 = 1.959_963_984_540_054;

/// Half-year; accounts; accounts that have both; r, slope and its standard error; the same by weight.
type Wanted = (&'static str, f64, f64, [f64; 3], [f64; 3]);

const WANTED: [Wanted; 5] = [
    (
        "2017-01-01_2017-07-01",
        990.0,
        600.0,
        [0.102_272_570_373_711_4, 0.063_898_511_275_596_41, 0.025_415_445_376_524_497],
        [0.113_357_375_340_020_65, 0.072_874_747_438_314_43, 0.026_119_706_164_463_827],
    ),
    (
        "2017-07-01_2018-01-01",
        1_051.0,
        612.0,
        [0.044_855_591_180_763_59, 0.023_871_417_919_329_24, 0.021_525_803_332_505_03],
        [0.042_139_425_390_364_54, 0.023_294_499_805_041_936, 0.022_362_168_970_803_908],
    ),
    (
        "2018-01-01_2018-07-01",
        1_281.0,
        750.0,
        [0.116_436_580_327_230_31, 0.063_795_933_039_027_02, 0.019_897_047_887_989_6],
        [0.091_990_680_241_560_43, 0.052_299_015_608_121_13, 0.020_699_197_301_869_35],
    ),
    (
        "2018-07-01_2019-01-01",
        1_229.0,
        726.0,
        [0.069_947_582_315_901_84, 0.043_772_733_230_008_13, 0.023_200_462_262_320_45],
        [0.068_484_808_724_139_41, 0.043_212_854_294_866_56, 0.023_395_297_379_765_884],
    ),
    (
        "2019-01-01_2019-07-01",
        1_274.0,
        740.0,
        [0.031_247_265_204_179_735, 0.017_339_795_146_600_303, 0.020_416_986_600_746_03],
        [0.047_404_941_811_315_6, 0.026_538_838_314_990_335, 0.020_584_559_666_004_69],
    ),
];

#[test]
fn replies_about_gun_control() {
    let Some(data) = real_data() else { return };
    for (half_year, accounts, both, plain, weighted) in WANTED {
        let sandbox = Sandbox::new();
        let people = data.join(format!("reddit-leaning/guncontrol_{half_year}_nodelist.csv"));
        let edges = format!("reddit-leaning/guncontrol_{half_year}_edgelist.csv");
        let people = people.to_str().unwrap();
        let metrics = "leaning_correlation,leaning_slope,leaning_correlation_weighted,leaning_slope_weighted,leaning_neighbours";
        let args = ["--accounts", people, "--columns", "leaning=mean_score", "--metrics", metrics, "--null-replicates", "0"];
        let found = run(&sandbox, &data, &[&edges], &args);
        let (echo, mut findings) = (found.table("echo"), Findings::default());
        for (suffix, [r, slope, error]) in [("", plain), ("_weighted", weighted)] {
            let number = |score: &str, column: &str| {
                let score = format!("{score}{suffix}");
                echo.number(column, echo.find(&[("sides", "leaning"), ("group", ""), ("score", &score)]).unwrap())
            };
            findings.close("r", number("leaning_correlation", "value"), Some(r), 1e-9);
            findings.close("slope", number("leaning_slope", "value"), Some(slope), 1e-9);
            findings.close("slope, low", number("leaning_slope", "value_ci_low"), Some(slope - NORMAL * error), 1e-9);
            findings.close("slope, high", number("leaning_slope", "value_ci_high"), Some(slope + NORMAL * error), 1e-9);
            findings.close("left out", number("leaning_slope", "accounts_left_out"), Some(accounts - both), 0.0);
        }
        let density = found.table("leaning_density");
        let cells = density.numbers("accounts").into_iter().flatten().sum::<f64>();
        findings.close("density", Some(cells), Some(2.0 * both), 0.0);
        findings.finish(half_year);
    }
}

/// NumPy's `linalg.solve` of the dense I + L, with L of NetworkX, and leanings less their mean.
#[test]
fn opinions_about_gun_control_settle() {
    let Some(data) = real_data() else { return };
    let sandbox = Sandbox::new();
    let people = data.join("reddit-leaning/guncontrol_2017-01-01_2017-07-01_nodelist.csv");
    let edges = "reddit-leaning/guncontrol_2017-01-01_2017-07-01_edgelist.csv";
    let wanted = [
        ("fj_polarisation_leaning", 31.295_496_076_859_152),
        ("fj_disagreement_leaning", 15.238_022_642_261_845),
        ("fj_polarisation_leaning_weighted", 28.795_478_781_381_17),
        ("fj_disagreement_leaning_weighted", 13.349_757_925_395_325),
    ];
    let metrics = wanted.map(|score| score.0).join(",");
    let people = people.to_str().unwrap();
    let args = ["--accounts", people, "--columns", "leaning=mean_score", "--metrics", &metrics, "--null-replicates", "0"];
    let echo = run(&sandbox, &data, &[edges], &args).table("echo");
    let mut findings = Findings::default();
    for (score, wanted) in wanted {
        let row = echo.find(&[("sides", "leaning"), ("group", ""), ("score", score)]).unwrap();
        findings.close(score, echo.number("value", row), Some(wanted), 1e-9);
    }
    findings.finish("opinions");
}
