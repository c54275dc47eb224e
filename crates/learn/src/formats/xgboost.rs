//! Reads XGBoost's JSON: what `save_model` writes for a name that ends in `.json`.

use serde::Deserialize;
use serde_json::Value;

use super::{ReadTrees, TreeFileError, level_names};
use crate::boost::{Ensemble, Link, Tree};
use crate::math::logit;

/// A file that claims more is not believed: names are made for all of them.
const MOST_FEATURES: usize = 10_000_000;

/// Nodes from the root to a leaf.
const MOST_DEPTH: usize = 1000;

#[derive(Deserialize)]
struct File {
    learner: Learner,
}

#[derive(Deserialize)]
struct Learner {
    #[serde(default)]
    feature_names: Vec<String>,
    gradient_booster: Booster,
    learner_model_param: Parameters,
    objective: Objective,
}

#[derive(Deserialize)]
struct Booster {
    name: String,
    /// Absent in models of other kinds.
    model: Option<Trees>,
}

#[derive(Deserialize)]
struct Trees {
    trees: Vec<FileTree>,
    #[serde(default)]
    tree_info: Vec<i64>,
    /// Levels of a data frame's categories, in files of version 3.1 and later.
    #[serde(default)]
    cats: Categories,
}

#[derive(Default, Deserialize)]
struct Categories {
    #[serde(default)]
    enc: Vec<Levels>,
}

/// Texts are their bytes one after the other, cut at offsets.
#[derive(Deserialize)]
struct Levels {
    offsets: Option<Vec<usize>>,
    values: Vec<Value>,
}

#[derive(Deserialize)]
struct Parameters {
    base_score: String,
    num_feature: String,
}

#[derive(Deserialize)]
struct Objective {
    name: String,
}

#[derive(Deserialize)]
struct FileTree {
    left_children: Vec<i32>,
    right_children: Vec<i32>,
    split_indices: Vec<u32>,
    /// Thresholds, and the values of leaves.
    split_conditions: Vec<f64>,
    /// Numbers or booleans, by version.
    default_left: Vec<Value>,
    sum_hessian: Vec<f64>,
    #[serde(default)]
    categories: Vec<u32>,
    #[serde(default)]
    categories_nodes: Vec<usize>,
    #[serde(default)]
    categories_segments: Vec<usize>,
    #[serde(default)]
    categories_sizes: Vec<usize>,
}

impl Ensemble {
    /// Reads a model with one output that XGBoost's tree booster wrote. Features without names get numbers.
    pub fn from_xgboost_json(text: &str) -> Result<ReadTrees, TreeFileError> {
        let learner = serde_json::from_str::<File>(text)?.learner;
        let booster = learner.gradient_booster;
        let (Some(model), "gbtree") = (booster.model, booster.name.as_str()) else {
            return Err(TreeFileError::Unsupported(format!("XGBoost's booster {:?}", booster.name)));
        };
        if model.tree_info.iter().any(|&class| class != 0) {
            return Err(TreeFileError::Unsupported("an XGBoost model of several classes".to_owned()));
        }
        let number = |key: &'static str, text: &str| {
            let bare = text.trim_matches(['[', ']']);
            let wrong =
                |_| TreeFileError::Number { place: "learner_model_param".to_owned(), key, found: text.to_owned() };
            bare.parse::<f64>().map_err(wrong)
        };
        let score = number("base_score", &learner.learner_model_param.base_score)?;
        let (base, link) = base(&learner.objective.name, score)?;
        let count = number("num_feature", &learner.learner_model_param.num_feature)? as usize;
        if count > MOST_FEATURES {
            return Err(TreeFileError::Unsupported(format!("a model of {count} features; at most {MOST_FEATURES}")));
        }
        let mut features = learner.feature_names;
        features.extend((features.len()..count).map(|feature| format!("f{feature}")));
        let trees = model.trees.iter().enumerate().map(|(index, tree)| tree.read(index)).collect::<Result<_, _>>()?;
        let mut levels = model.cats.enc.iter().map(Levels::names).collect::<Result<Vec<_>, _>>()?;
        levels.resize(features.len(), None);
        ReadTrees { ensemble: Ensemble { base, link, trees }, features, levels }.checked()
    }
}

impl Levels {
    /// Nothing for a number.
    fn names(&self) -> Result<Option<Vec<String>>, TreeFileError> {
        if self.values.is_empty() {
            return Ok(None);
        }
        let Some(offsets) = &self.offsets else { return Ok(Some(level_names(&self.values))) };
        let bytes: Vec<u8> = self.values.iter().map(|value| value.as_i64().unwrap_or(0) as u8).collect();
        let text = |ends: &[usize]| bytes.get(ends[0]..ends[1]).and_then(|bytes| std::str::from_utf8(bytes).ok());
        let names: Option<Vec<String>> = offsets.windows(2).map(|ends| text(ends).map(str::to_owned)).collect();
        let broken = || TreeFileError::Damaged("levels of a category are no text; use ASCII names".to_owned());
        names.map(Some).ok_or_else(broken)
    }
}

/// The margin of a base score, which is a mean of the target.
fn base(objective: &str, score: f64) -> Result<(f64, Link), TreeFileError> {
    match objective {
        "binary:logistic" | "reg:logistic" => Ok((logit(score), Link::Logit)),
        "count:poisson" | "reg:gamma" | "reg:tweedie" => Ok((score.ln(), Link::Log)),
        "reg:squarederror"
        | "reg:absoluteerror"
        | "reg:quantileerror"
        | "reg:pseudohubererror"
        | "rank:ndcg"
        | "rank:pairwise"
        | "rank:map" => Ok((score, Link::Identity)),
        _ => Err(TreeFileError::Unsupported(format!("XGBoost's objective {objective:?}"))),
    }
}

impl FileTree {
    fn read(&self, index: usize) -> Result<Tree, TreeFileError> {
        let nodes = self.left_children.len();
        let lengths =
            [self.right_children.len(), self.split_indices.len(), self.split_conditions.len(), self.default_left.len()];
        if nodes == 0 || lengths.iter().any(|&length| length != nodes) || self.sum_hessian.len() != nodes {
            return Err(TreeFileError::Damaged(format!("tree {index}: its arrays differ in length")));
        }
        let mut tree = Tree::default();
        let mut seen = vec![false; nodes];
        self.add(0, MOST_DEPTH, &mut tree, &mut seen)
            .ok_or_else(|| TreeFileError::Damaged(format!("tree {index} is no tree")))?;
        Ok(tree)
    }

    /// Appends what is below a node; returns the child that it became. Nothing where the file goes in circles, astray or
    /// too deep.
    fn add(&self, at: usize, deeper: usize, tree: &mut Tree, seen: &mut [bool]) -> Option<i32> {
        let deeper = deeper.checked_sub(1)?;
        if std::mem::replace(seen.get_mut(at)?, true) {
            return None;
        }
        if self.left_children[at] < 0 {
            tree.leaf_value.push(self.split_conditions[at]);
            tree.leaf_cover.push(self.sum_hessian[at]);
            return Some(!(tree.leaf_value.len() as i32 - 1));
        }
        let node = tree.feature.len();
        let default_left = self.default_left[at].as_bool().unwrap_or(self.default_left[at] == 1);
        let (mut left, mut right) = (self.left_children[at], self.right_children[at]);
        tree.feature.push(self.split_indices[at]);
        tree.cover.push(self.sum_hessian[at]);
        if let Some(place) = self.categories_nodes.iter().position(|&node| node == at) {
            // There the levels of the set go right, here left: the sides change places.
            std::mem::swap(&mut left, &mut right);
            let begin = *self.categories_segments.get(place)?;
            let mut levels = self.categories.get(begin..begin + self.categories_sizes.get(place)?)?.to_vec();
            levels.sort_unstable();
            tree.set_levels(node, levels);
            tree.threshold.push(0.0);
            tree.missing_left.push(!default_left);
        } else {
            // There values below the threshold go left, here those up to it.
            tree.threshold.push((self.split_conditions[at] as f32).next_down());
            tree.missing_left.push(default_left);
        }
        tree.left.push(0);
        tree.right.push(0);
        tree.left[node] = self.add(usize::try_from(left).ok()?, deeper, tree, seen)?;
        tree.right[node] = self.add(usize::try_from(right).ok()?, deeper, tree, seen)?;
        Some(node as i32)
    }
}
