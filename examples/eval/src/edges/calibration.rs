//! Whether an edge of confidence 0.9 is right nine times out of ten.

use std::collections::BTreeMap;

use aether_core::code::Resolution;
use serde::Serialize;

use crate::report::markdown;
use crate::share::Share;

/// An edge, and whether the gold has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    pub(crate) thousandths: u16,
    pub(crate) resolution: Resolution,
    pub(crate) is_right: bool,
}

/// How far confidences say how right edges are; edges at resolved sites only.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Calibration {
    /// By how the edge was resolved.
    pub(crate) resolutions: Vec<Group>,
    /// By confidence, in steps of a tenth; 1.0 belongs to the last.
    pub(crate) deciles: Vec<Group>,
    /// Expected calibration error: the mean distance of confidence and share right over the deciles,
    /// weighted by their edges.
    pub(crate) calibration_error: f64,
    /// Mean square of the distance between confidence and outcome.
    pub(crate) brier: f64,
    /// The same of a predictor that always says the share of right edges: what a constant reaches.
    pub(crate) brier_of_constant: f64,
}

/// Edges that have something in common.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) edges: Share,
    pub(crate) mean_confidence: f64,
}

impl Calibration {
    pub(crate) fn new(judged: impl Iterator<Item = Judged>) -> Self {
        let mut resolutions: BTreeMap<Resolution, Sum> = BTreeMap::new();
        let mut deciles: BTreeMap<u16, Sum> = BTreeMap::new();
        let mut all = Sum::default();
        for edge in judged {
            resolutions.entry(edge.resolution).or_default().add(edge);
            deciles.entry((edge.thousandths / 100).min(9)).or_default().add(edge);
            all.add(edge);
        }
        let rate = all.edges.or_zero();
        let count = (all.edges.of.max(1)) as f64;
        let calibration_error = deciles
            .values()
            .map(|sum| (sum.mean() - sum.edges.or_zero()).abs() * sum.edges.of as f64)
            .sum::<f64>()
            / count;
        Self {
            resolutions: resolutions
                .into_iter()
                .map(|(kind, sum)| sum.group(kind.as_str().to_owned()))
                .collect(),
            deciles: deciles.into_iter().map(|(decile, sum)| sum.group(decile_name(decile))).collect(),
            calibration_error,
            brier: all.squares / count,
            brier_of_constant: rate * (1.0 - rate),
        }
    }

    /// Both tables as Markdown.
    pub(crate) fn tables(&self) -> String {
        let table = |head: &str, groups: &[Group]| {
            let lines = groups.iter().map(|group| {
                vec![
                    group.name.clone(),
                    group.edges.of.to_string(),
                    format!("{:.3}", group.mean_confidence),
                    group.edges.shown(3),
                ]
            });
            markdown(&[head, "edges", "mean confidence", "share right"], lines)
        };
        format!("{}\n{}", table("resolution", &self.resolutions), table("confidence", &self.deciles))
    }
}

fn decile_name(decile: u16) -> String {
    if decile == 9 { "0.9 to 1.0".to_owned() } else { format!("0.{decile} to 0.{}", decile + 1) }
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    edges: Share,
    thousandths: u64,
    squares: f64,
}

impl Sum {
    fn add(&mut self, edge: Judged) {
        self.edges.add(edge.is_right);
        self.thousandths += u64::from(edge.thousandths);
        let outcome = f64::from(u8::from(edge.is_right));
        self.squares += (f64::from(edge.thousandths) / 1000.0 - outcome).powi(2);
    }

    fn mean(&self) -> f64 {
        self.thousandths as f64 / 1000.0 / self.edges.of.max(1) as f64
    }

    fn group(self, name: String) -> Group {
        Group { name, edges: self.edges, mean_confidence: self.mean() }
    }
}
