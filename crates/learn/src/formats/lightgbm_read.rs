//! Reads LightGBM's text format, versions 3 and 4.

use std::collections::HashMap;
use std::str::FromStr;

use super::{ReadTrees, TreeFileError, level_names};
use crate::boost::{Ensemble, Link, Tree};

/// Keys of a part of the file.
struct Part<'a> {
    place: String,
    values: HashMap<&'a str, &'a str>,
}

impl Ensemble {
    /// Reads a model with one output that LightGBM, or [`Ensemble::to_lightgbm`], wrote.
    pub fn from_lightgbm(text: &str) -> Result<ReadTrees, TreeFileError> {
        let (head, mut trees_text) = text.split_at(text.find("Tree=0").unwrap_or(text.len()));
        let header = Part::new("the head of the file".to_owned(), head);
        if let Some(end) = trees_text.find("end of trees") {
            trees_text = &trees_text[..end];
        } else {
            return Err(header.missing("end of trees"));
        }
        if header.one::<usize>("num_tree_per_iteration")? != 1 {
            return Err(TreeFileError::Unsupported("a LightGBM model of several classes".to_owned()));
        }
        let features: Vec<String> = header.text("feature_names")?.split(' ').map(str::to_owned).collect();
        let link = link(header.values.get("objective").copied().unwrap_or("regression"))?;
        let mut trees = Vec::new();
        for (index, of_tree) in trees_text.split("Tree=").skip(1).enumerate() {
            trees.push(tree(&Part::new(format!("tree {index}"), of_tree))?);
        }
        if head.lines().any(|line| line == "average_output") {
            let count = trees.len() as f64;
            trees.iter_mut().flat_map(|tree| &mut tree.leaf_value).for_each(|value| *value /= count);
        }
        let levels = levels_of_frame(text, &header, features.len())?;
        ReadTrees { ensemble: Ensemble { base: 0.0, link, trees }, features, levels }.checked()
    }
}

/// What the data frame's categories were: the file lists their levels in the order of the columns, without names.
fn levels_of_frame(text: &str, header: &Part<'_>, features: usize) -> Result<Vec<Option<Vec<String>>>, TreeFileError> {
    let mut found = vec![None; features];
    let lists = text.lines().rev().find_map(|line| line.strip_prefix("pandas_categorical:"));
    let lists: Option<Vec<Vec<serde_json::Value>>> = match lists {
        Some(lists) => serde_json::from_str(lists)
            .map_err(|error| TreeFileError::Damaged(format!("pandas_categorical: {error}")))?,
        None => None,
    };
    let Some(lists) = lists.filter(|lists| !lists.is_empty()) else { return Ok(found) };
    // Of a number the range is told, of a category its levels, of a column of one value nothing.
    let infos: Vec<&str> = header.text("feature_infos")?.split(' ').collect();
    let places = |is_category: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..infos.len().min(features)).filter(|&feature| is_category(infos[feature])).collect()
    };
    let surely = places(&|info| !info.starts_with('[') && info != "none");
    let perhaps = places(&|info| !info.starts_with('['));
    let Some(places) = [surely, perhaps].into_iter().find(|places| places.len() == lists.len()) else {
        let what = "a LightGBM model whose categories cannot be told from columns of one value";
        return Err(TreeFileError::Unsupported(what.to_owned()));
    };
    for (place, list) in places.into_iter().zip(&lists) {
        found[place] = Some(level_names(list));
    }
    Ok(found)
}

fn link(objective: &str) -> Result<Link, TreeFileError> {
    let mut words = objective.split(' ');
    let name = words.next().unwrap_or_default();
    let rest: Vec<&str> = words.collect();
    match name {
        "binary" if rest.iter().all(|word| !word.starts_with("sigmoid:") || *word == "sigmoid:1") => Ok(Link::Logit),
        "cross_entropy" => Ok(Link::Logit),
        "poisson" | "gamma" | "tweedie" => Ok(Link::Log),
        "regression" if !rest.contains(&"sqrt") => Ok(Link::Identity),
        "regression_l1" | "huber" | "fair" | "quantile" | "mape" | "lambdarank" | "rank_xendcg" | "custom" => {
            Ok(Link::Identity)
        }
        _ => Err(TreeFileError::Unsupported(format!("LightGBM's objective {objective:?}"))),
    }
}

fn tree(part: &Part<'_>) -> Result<Tree, TreeFileError> {
    if part.values.get("is_linear").is_some_and(|value| *value != "0") {
        return Err(TreeFileError::Unsupported("a LightGBM model with linear leaves".to_owned()));
    }
    let leaves = part.one::<usize>("num_leaves")?;
    let leaf_value: Vec<f64> = part.list("leaf_value", leaves)?;
    if leaves <= 1 {
        return Ok(Tree { leaf_value, leaf_cover: vec![1.0], ..Tree::default() });
    }
    let nodes = leaves - 1;
    let mut tree = Tree {
        feature: part.list("split_feature", nodes)?,
        left: part.list("left_child", nodes)?,
        right: part.list("right_child", nodes)?,
        cover: part.list("internal_count", nodes)?,
        leaf_cover: part.list("leaf_count", leaves)?,
        leaf_value,
        ..Tree::default()
    };
    let thresholds: Vec<f64> = part.list("threshold", nodes)?;
    let types: Vec<u8> = part.list("decision_type", nodes)?;
    let (mut bounds, mut words) = (Vec::<usize>::new(), Vec::<u32>::new());
    if part.one::<usize>("num_cat")? > 0 {
        bounds = part.list("cat_boundaries", part.one::<usize>("num_cat")? + 1)?;
        words = part.list("cat_threshold", bounds.last().copied().unwrap_or(0))?;
    }
    for (node, (&threshold, kind)) in thresholds.iter().zip(types).enumerate() {
        let default_left = kind & 2 != 0;
        if kind & 1 == 1 {
            let at = threshold as usize;
            let set = bounds.get(at).zip(bounds.get(at + 1)).and_then(|(&begin, &end)| words.get(begin..end));
            let Some(set) = set else {
                return Err(TreeFileError::Damaged(format!("{}: a split's levels are not there", part.place)));
            };
            tree.set_levels(node, levels(set));
            tree.threshold.push(0.0);
            tree.missing_left.push(false);
            continue;
        }
        tree.threshold.push(not_above(threshold));
        // Where nothing counts as missing, a missing value counts as 0.
        let missing_left = if kind >> 2 & 3 == 0 { threshold >= 0.0 } else { default_left };
        tree.missing_left.push(missing_left);
        if kind >> 2 & 3 == 1 {
            tree.zero_missing.resize(node, false);
            tree.zero_missing.push(true);
        }
    }
    Ok(tree)
}

/// The largest single-precision number up to a threshold: no value of a table lies between them.
fn not_above(threshold: f64) -> f32 {
    let near = threshold.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32;
    if f64::from(near) > threshold { near.next_down() } else { near }
}

fn levels(words: &[u32]) -> Vec<u32> {
    let bits = 0..words.len() as u32 * 32;
    bits.filter(|bit| words[*bit as usize / 32] >> (bit % 32) & 1 == 1).collect()
}

impl<'a> Part<'a> {
    fn new(place: String, text: &'a str) -> Self {
        Self { place, values: text.lines().filter_map(|line| line.split_once('=')).collect() }
    }

    fn missing(&self, key: &'static str) -> TreeFileError {
        TreeFileError::Missing { place: self.place.clone(), key }
    }

    fn text(&self, key: &'static str) -> Result<&'a str, TreeFileError> {
        self.values.get(key).copied().ok_or_else(|| self.missing(key))
    }

    fn number<T: FromStr>(&self, key: &'static str, text: &str) -> Result<T, TreeFileError> {
        text.parse().map_err(|_| TreeFileError::Number { place: self.place.clone(), key, found: text.to_owned() })
    }

    fn one<T: FromStr>(&self, key: &'static str) -> Result<T, TreeFileError> {
        self.number(key, self.text(key)?)
    }

    fn list<T: FromStr>(&self, key: &'static str, length: usize) -> Result<Vec<T>, TreeFileError> {
        let found: Vec<T> =
            self.text(key)?.split_whitespace().map(|word| self.number(key, word)).collect::<Result<_, _>>()?;
        if found.len() != length {
            let problem = format!("{}: {key} holds {} numbers, not {length}", self.place, found.len());
            return Err(TreeFileError::Damaged(problem));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_between_floats_are_rounded_down() {
        assert_eq!(not_above(0.5), 0.5);
        assert!(f64::from(not_above(0.1)) <= 0.1);
        assert_eq!(not_above(0.1).next_up(), 0.1f32);
        assert_eq!((not_above(1e300), not_above(-1e300)), (f32::MAX, f32::MIN.next_down()));
    }
}
