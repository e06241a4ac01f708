//! Communities over a range of resolutions: which of them stay, and for how long.

use crate::compute::ALL;
use crate::graphs::Graphs;
use crate::watcher::Clock;
use crate::{EngineError, Study};
use echogram_analytics::leiden::Params;
use echogram_analytics::partition::component_weak::component_weak;
use echogram_analytics::stability::resolutions::{STEADY, geometric_grid, plateau, resolutions};
use echogram_analytics::{MetricError, Run, Shape};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Points of a range that names none.
const POINTS: u32 = 11;
/// The most points: each is a search.
const MOST_POINTS: u32 = 1_000;
/// The stage, and the table.
pub(crate) const NAME: &str = "resolutions";

/// A range of resolutions, written such as `0.25..4` or `0.25..4:21`; each point is the same factor above the one before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolutions {
    lowest: f64,
    highest: f64,
    points: u32,
}

impl FromStr for Resolutions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |what: String| format!("`{text}` is no range of resolutions such as 0.25..4 or 0.25..4:21: {what}");
        let (range, points) = text.split_once(':').map_or((text, None), |(range, points)| (range, Some(points)));
        let (lowest, highest) = range.split_once("..").ok_or_else(|| wrong("write LOW..HIGH".to_owned()))?;
        let number = |text: &str| text.trim().parse::<f64>().map_err(|_| wrong(format!("`{text}` is no number")));
        let (lowest, highest) = (number(lowest)?, number(highest)?);
        let points = match points {
            None => POINTS,
            Some(points) => points.trim().parse().map_err(|_| wrong(format!("`{points}` is no number of points")))?,
        };
        if points > MOST_POINTS {
            return Err(wrong(format!("{points} points are more than {MOST_POINTS}")));
        }
        match geometric_grid(lowest, highest, points) {
            Ok(_) => Ok(Self { lowest, highest, points }),
            Err(MetricError::BadParam { name, must_be, got }) => Err(wrong(format!("{name} must be {must_be}, got {got}"))),
            Err(other) => Err(wrong(other.to_string())),
        }
    }
}

impl fmt::Display for Resolutions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}..{}:{}", self.lowest, self.highest, self.points)
    }
}

impl Resolutions {
    /// Searches that it takes.
    pub(crate) fn points(self) -> usize {
        self.points as usize
    }
}

/// A row of `resolutions.parquet`.
pub(crate) struct Point {
    pub(crate) resolution: f64,
    pub(crate) communities: u32,
    /// Those of one account.
    pub(crate) alone: u32,
    pub(crate) modularity: f64,
    pub(crate) quality: f64,
    pub(crate) variation: f64,
    pub(crate) variation_normalised: f64,
    pub(crate) ami: f64,
}

/// All points, and the longest stretch over which communities stay.
pub(crate) struct Profile {
    pub(crate) points: Vec<Point>,
    /// First and last point.
    pub(crate) plateau: Option<(usize, usize)>,
    pub(crate) metadata: BTreeMap<String, String>,
}

/// Communities of the merged relations, as `community` finds them, at each resolution that the study asks for.
pub(crate) fn profile(study: &Study, graphs: &mut Graphs<'_>, clock: &mut Clock<'_>) -> Result<Option<Profile>, EngineError> {
    let Some(range) = study.resolutions else { return Ok(None) };
    let wrong = |source| EngineError::of_metric(NAME, source);
    let union = clock.add_to("build", || Ok(graphs.get(None, Shape::Undirected, false).expect("all relations always merge")))?;
    let params = Params::set_by(&study.settings, study.seed);
    let (watcher, cancel) = (clock.watcher, clock.cancel_flag());
    clock.time(NAME, || {
        let on_step = |done, total| watcher.step(done, total);
        let run = Run { on_step: Some(&on_step), cancel: Some(cancel) };
        let grid = geometric_grid(range.lowest, range.highest, range.points).map_err(wrong)?;
        let found = resolutions(&union, &grid, &params, &run).map_err(wrong)?;
        let components = component_weak(&union, &Run { on_step: None, ..run }).map_err(wrong)?.count();
        let metadata = [
            ("graph", "simple undirected union".to_owned()),
            ("weights", "ignored".to_owned()),
            ("relation", ALL.to_owned()),
            ("method", "leiden".to_owned()),
            ("tolerance", format!("{:e}", params.tolerance)),
            ("seed", study.seed.to_string()),
            ("plateau", format!("longest stretch of steps whose variation is at most {STEADY} of ln N")),
        ];
        Ok(Some(Profile {
            plateau: plateau(&found, components),
            points: found
                .into_iter()
                .map(|here| Point {
                    resolution: here.resolution,
                    communities: here.partition.count() as u32,
                    alone: here.partition.sizes().iter().filter(|&&size| size == 1).count() as u32,
                    modularity: here.modularity,
                    quality: here.quality,
                    variation: here.variation,
                    variation_normalised: here.variation_normalised,
                    ami: here.ami,
                })
                .collect(),
            metadata: metadata.map(|(key, value)| (key.to_owned(), value)).into(),
        }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_shown() {
        for (text, wanted) in [("0.25..4", "0.25..4:11"), ("1..2:3", "1..2:3"), (" .5 .. 1e1 : 2 ", "0.5..10:2")] {
            assert_eq!(text.parse::<Resolutions>().unwrap().to_string(), wanted);
        }
    }

    #[test]
    fn what_is_no_range_is_told() {
        for (text, part) in [
            ("", "write LOW..HIGH"),
            ("1", "write LOW..HIGH"),
            ("1-2", "write LOW..HIGH"),
            ("a..2", "`a` is no number"),
            ("1..", "`` is no number"),
            ("0..2", "lowest must be above 0"),
            ("-1..2", "lowest must be above 0"),
            ("nan..2", "lowest must be above 0"),
            ("2..1", "highest must be above the lowest"),
            ("1..1", "highest must be above the lowest"),
            ("1..inf", "highest must be above the lowest and finite"),
            ("1..2:1", "points must be 2 or more"),
            ("1..2:x", "`x` is no number of points"),
            ("1..2:-3", "`-3` is no number of points"),
            ("1..2:1001", "more than 1000"),
        ] {
            let error = text.parse::<Resolutions>().unwrap_err();
            assert!(error.contains(part) && error.contains("0.25..4:21"), "{text}: {error}");
        }
    }
}
