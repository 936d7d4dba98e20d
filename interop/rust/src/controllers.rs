//! A controller of a derived kind, which keeps a ConfigMap for each of its objects.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{Api, DeleteParams, Patch, PatchParams, PostParams};
use kube::runtime::controller::{Action, Controller};
use kube::runtime::finalizer::{Event, finalizer};
use kube::runtime::wait::{await_condition, conditions};
use kube::runtime::watcher;
use kube::{CustomResource, CustomResourceExt, Resource, ResourceExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Checked, Cluster, config_map, eventually, expect_refused};

#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(group = "rust.interop.test", version = "v1", kind = "Gear", namespaced)]
#[kube(status = "GearStatus")]
pub struct GearSpec {
    #[schemars(range(min = 3))]
    teeth: i32,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
pub struct GearStatus {
    counted: i32,
}

const FINALIZER: &str = "rust.interop.test/farewell";
const NAME: &str = "gears.rust.interop.test";

pub async fn keeps_gears(here: Cluster) -> Checked {
    let definitions: Api<CustomResourceDefinition> = Api::all(here.client.clone());
    definitions
        .patch(
            NAME,
            &PatchParams::apply("interop"),
            &Patch::Apply(Gear::crd()),
        )
        .await?;
    await_condition(definitions.clone(), NAME, conditions::is_crd_established()).await?;
    let gears: Api<Gear> = Api::namespaced(here.client.clone(), &here.namespace);
    let controller = Controller::new(gears.clone(), watcher::Config::default().streaming_lists())
        .owns(here.config_maps(), watcher::Config::default())
        .run(
            reconcile,
            |_, _, _| Action::requeue(Duration::from_millis(100)),
            here.clone().into(),
        )
        .for_each(|done| {
            if let Err(problem) = done {
                eprintln!("a reconcile failed: {problem:?}");
            }
            std::future::ready(())
        });
    let running = tokio::spawn(controller);
    let result = live_of_a_gear(&here, &gears).await;
    running.abort();
    definitions.delete(NAME, &DeleteParams::default()).await?;
    result
}

async fn live_of_a_gear(here: &Cluster, gears: &Api<Gear>) -> Checked {
    let (maps, post) = (here.config_maps(), PostParams::default());
    let small = gears
        .create(&post, &Gear::new("small", GearSpec { teeth: 2 }))
        .await;
    expect_refused("minimum", small, 422)?;
    gears
        .create(&post, &Gear::new("one", GearSpec { teeth: 8 }))
        .await?;
    eventually(async || {
        let status = gears.get("one").await?.status.unwrap_or_default();
        Ok(status.counted == 8 && maps.get_opt("one").await?.is_some())
    })
    .await?;
    maps.delete("one", &DeleteParams::default()).await?;
    eventually(async || Ok(maps.get_opt("one").await?.is_some())).await?;
    gears.delete("one", &DeleteParams::default()).await?;
    eventually(async || Ok(gears.get_opt("one").await?.is_none())).await?;
    eventually(async || Ok(maps.get_opt("one").await?.is_none())).await
}

async fn reconcile(
    gear: Arc<Gear>,
    here: Arc<Cluster>,
) -> Result<Action, kube::runtime::finalizer::Error<kube::Error>> {
    let gears: Api<Gear> = Api::namespaced(here.client.clone(), &here.namespace);
    finalizer(&gears, FINALIZER, gear, async |event| match event {
        Event::Apply(gear) => keep(&gear, &gears, &here).await,
        Event::Cleanup(_) => Ok(Action::await_change()),
    })
    .await
}

async fn keep(gear: &Gear, gears: &Api<Gear>, here: &Cluster) -> Result<Action, kube::Error> {
    let name = gear.name_any();
    let teeth = gear.spec.teeth;
    let mut owned: ConfigMap = config_map(&name, &teeth.to_string());
    owned.metadata.owner_references = Some(gear.controller_owner_ref(&()).into_iter().collect());
    let ours = PatchParams::apply("gears").force();
    here.config_maps()
        .patch(&name, &ours, &Patch::Apply(&owned))
        .await?;
    let status = json!({
        "apiVersion": "rust.interop.test/v1", "kind": "Gear", "status": {"counted": teeth},
    });
    gears
        .patch_status(&name, &ours, &Patch::Apply(&status))
        .await?;
    Ok(Action::await_change())
}
