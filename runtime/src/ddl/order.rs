//! In which order tables are made.

/// The positions of tables so that each stands after those to which it refers, as far as they do not refer to each other;
/// otherwise in the order in which they were given.
pub(super) fn dependency_order(parents: &[Vec<usize>]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(parents.len());
    let mut rest: Vec<usize> = (0..parents.len()).collect();
    while !rest.is_empty() {
        let is_ready = |table: &usize| {
            let mut others = parents.get(*table).into_iter().flatten().filter(|parent| *parent != table);
            others.all(|parent| order.contains(parent))
        };
        // In a cycle one has to be the first.
        let next = rest.iter().position(is_ready).unwrap_or(0);
        order.push(rest.remove(next));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::dependency_order;

    #[test]
    fn parents_come_first_and_otherwise_nothing_moves() {
        assert_eq!(dependency_order(&[vec![], vec![], vec![]]), [0, 1, 2]);
        assert_eq!(dependency_order(&[vec![2], vec![0], vec![2]]), [2, 0, 1]);
        assert_eq!(dependency_order(&[vec![1], vec![0], vec![]]), [2, 0, 1], "a cycle");
    }
}
