//! What several metrics find out about one graph is found out once.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Intermediate results of one graph, one of each type; they live as long as the memo.
#[derive(Debug, Default)]
pub struct Memo {
    found: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Memo {
    /// The `T` of this graph: computed when first asked for. An error is not kept.
    ///
    /// # Errors
    /// Those of `compute`.
    pub fn get_or<T: Any + Send + Sync, E>(&self, compute: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let lock = || self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&TypeId::of::<T>()).cloned().and_then(|known| known.downcast::<T>().ok()) {
            return Ok(known);
        }
        let found = Arc::new(compute()?);
        let kept: Arc<dyn Any + Send + Sync> = found.clone();
        lock().insert(TypeId::of::<T>(), kept);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_computed_once() {
        let memo = Memo::default();
        let first = memo.get_or(|| Ok::<u32, ()>(7)).unwrap();
        let again = memo.get_or(|| -> Result<u32, ()> { panic!("it is known") }).unwrap();
        assert_eq!((*first, *again), (7, 7));
        assert_eq!(memo.get_or(|| Err::<u64, &str>("no")), Err("no"));
        assert_eq!(*memo.get_or(|| Ok::<u64, &str>(8)).unwrap(), 8);
    }
}
