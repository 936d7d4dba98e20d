//! Watchers, with and without lists that are streamed.

use std::pin::pin;

use futures::{Stream, TryStreamExt};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt;
use kube::api::{Api, DeleteParams, PartialObjectMeta, PostParams};
use kube::runtime::watcher as watch;
use kube::runtime::watcher::{self, Event};

use crate::{Checked, Cluster, config_map, expect};

pub async fn streamed(here: Cluster) -> Checked {
    let settings = watcher::Config::default()
        .streaming_lists()
        .fields("metadata.name=one");
    follows(&here, watch(here.config_maps(), settings)).await
}

pub async fn listing(here: Cluster) -> Checked {
    let settings = watcher::Config::default()
        .page_size(1)
        .fields("metadata.name=one");
    follows(&here, watch(here.config_maps(), settings)).await
}

pub async fn metadata(here: Cluster) -> Checked {
    let settings = watcher::Config::default().fields("metadata.name=one");
    let maps: Api<PartialObjectMeta<ConfigMap>> =
        Api::namespaced(here.client.clone(), &here.namespace);
    follows(&here, watch(maps, settings)).await
}

/// What was there before is told at first, and what happens then as it happens.
async fn follows<K: ResourceExt>(
    here: &Cluster,
    stream: impl Stream<Item = watcher::Result<Event<K>>>,
) -> Checked {
    let maps = here.config_maps();
    maps.create(&PostParams::default(), &config_map("one", "1"))
        .await?;
    let mut stream = pin!(stream);
    let mut log = Vec::new();
    while let Some(event) = stream.try_next().await? {
        log.push(match &event {
            Event::Init => "start".to_string(),
            Event::InitApply(object) => format!("known {}", object.name_any()),
            Event::InitDone => "all known".to_string(),
            Event::Apply(object) => format!("changed {}", object.name_any()),
            Event::Delete(object) => format!("deleted {}", object.name_any()),
        });
        match event {
            Event::InitDone => {
                maps.replace("one", &PostParams::default(), &config_map("one", "2"))
                    .await?;
                maps.delete("one", &DeleteParams::default()).await?;
            }
            Event::Delete(_) => break,
            _ => {}
        }
    }
    expect(
        "events",
        log.join(", ").as_str(),
        "start, known one, all known, changed one, deleted one",
    )
}
