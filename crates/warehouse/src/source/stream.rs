//! Text as a streaming table of the session: read once, batch by batch, while the query runs.

use std::fmt;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::datatypes::SchemaRef;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::error::DataFusionError;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::streaming::PartitionStream;
use tables::rows::{self, Layout, Reading, Wanted};

use crate::error::Error;

/// Batches that may wait between the reader and the query: what bounds the memory.
const WAITING_BATCHES: usize = 4;

/// What stopped the reading, which the engine would only pass on as text.
pub(crate) type Failure = Arc<Mutex<Option<Error>>>;

/// Gives the text from its beginning.
pub(crate) type OpenText = Arc<dyn Fn() -> Result<Box<dyn Read + Send>, Error> + Send + Sync>;

struct TextPartition {
    schema: SchemaRef,
    open: OpenText,
    layout: Layout,
    wanted: Vec<Wanted>,
    reading: Reading,
    failure: Failure,
}

/// A table of the wanted columns.
pub(crate) fn table(
    open: OpenText,
    layout: Layout,
    wanted: Vec<Wanted>,
    reading: Reading,
    failure: Failure,
) -> Result<StreamingTable, DataFusionError> {
    let schema = rows::batch_schema(&wanted);
    let partition = TextPartition { schema: Arc::clone(&schema), open, layout, wanted, reading, failure };
    StreamingTable::try_new(schema, vec![Arc::new(partition)])
}

impl PartitionStream for TextPartition {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut builder = RecordBatchReceiverStreamBuilder::new(Arc::clone(&self.schema), WAITING_BATCHES);
        let sender = builder.tx();
        let (open, layout, wanted) = (Arc::clone(&self.open), self.layout.clone(), self.wanted.clone());
        let (reading, failure) = (self.reading.clone(), Arc::clone(&self.failure));
        builder.spawn_blocking(move || {
            let read = open().and_then(|text| {
                let hand_on = |batch| sender.blocking_send(Ok(batch)).is_ok();
                rows::read(text, &layout, &wanted, &reading, hand_on).map_err(Error::from)
            });
            read.map_err(|error| {
                let said = DataFusionError::Execution(error.to_string());
                *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                said
            })
        });
        builder.build()
    }
}

impl fmt::Debug for TextPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TextPartition({})", self.layout.place)
    }
}
